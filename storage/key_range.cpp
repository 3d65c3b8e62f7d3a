#include "storage/key_range.h"

#include <algorithm>

namespace pageturner {
namespace {

// The range of all keys that start with `prefix`.
KeyRange prefix_range(const std::string& prefix) { return {prefix, prefix_end(prefix)}; }

// Returns `prefix` followed by the encoded `value`. No encoded value is a prefix of another, so
// exactly the keys with that value start with the result.
std::string extended(std::string prefix, const AttributeValue& value) {
  append_key_value(prefix, value);
  return prefix;
}

// The same without the end mark: the prefix of the keys of all texts that begin with `value`.
std::string extended_open(std::string prefix, const AttributeValue& value) {
  constexpr std::size_t end_mark_bytes = 2;
  append_key_value(prefix, value);
  prefix.resize(prefix.size() - end_mark_bytes);
  return prefix;
}

}  // namespace

KeyRange range_of(const KeyLayout& layout, const KeySelection& selection, std::string_view like) {
  std::vector<const AttributeValue*> partition_values;
  for (const AttributeValue& value : selection.partition) partition_values.push_back(&value);
  std::string prefix = encode_partition(layout, partition_values, like);
  for (const AttributeValue& value : selection.sort_prefix) append_key_value(prefix, value);
  KeyRange range = prefix_range(prefix);
  if (!selection.sort_last) return range;
  const KeyCondition& condition = *selection.sort_last;
  const AttributeValue& bound = condition.values.front();
  switch (condition.op) {
    case KeyOperator::less:
      range.end = extended(prefix, bound);
      break;
    case KeyOperator::less_or_equal:
      range.end = prefix_end(extended(prefix, bound));
      break;
    case KeyOperator::greater:
      range.begin = prefix_end(extended(prefix, bound));
      break;
    case KeyOperator::greater_or_equal:
      range.begin = extended(prefix, bound);
      break;
    case KeyOperator::between:
      range.begin = extended(prefix, bound);
      range.end = prefix_end(extended(prefix, condition.values.back()));
      break;
    case KeyOperator::begins_with:
      return prefix_range(extended_open(prefix, bound));
    case KeyOperator::equal:          // is part of sort_prefix
    case KeyOperator::not_indexable:  // rejected by select_keys
      break;
  }
  return range;
}

KeyRange resume_after(KeyRange range, std::string_view start_key, Direction direction) {
  if (direction == Direction::forward) {
    std::string next(start_key);
    next += '\0';
    range.begin = std::max(range.begin, next);
  } else {
    if (!range.end || start_key < *range.end) range.end = std::string(start_key);
  }
  return range;
}

}  // namespace pageturner
