// Why: pages, ranges and resumption rely on encoded keys having the order of the values and
// decoding to them. Each line of the input is a value: the first byte selects the type, the rest is
// the text of a number or the bytes of a string or binary. The decoders only read keys that the
// encoder wrote, so they are not tested with other bytes.
#include "storage/key_codec.h"

#include <set>

#include "protocol/expression/condition.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

ScalarType type_in(std::string_view line) {
  switch (line.front()) {
    case 'N':
      return ScalarType::n;
    case 'B':
      return ScalarType::b;
    default:
      return ScalarType::s;
  }
}

struct Value {
  ScalarType type;
  AttributeValue value;
};

std::vector<Value> values_in(std::string_view input) {
  std::vector<Value> values;
  for (const std::string_view line : split(input, '\n')) {
    if (line.empty()) continue;
    const ScalarType type = type_in(line);
    const std::string_view text = line.substr(1);
    if (type == ScalarType::n) {
      if (const auto number = Number::parse(text)) values.push_back({type, {*number}});
    } else if (type == ScalarType::b) {
      values.push_back({type, {Binary{std::string(text)}}});
    } else {
      values.push_back({type, {std::string(text)}});
    }
  }
  return values;
}

std::string encoded(const AttributeValue& value) {
  std::string out;
  append_key_value(out, value);
  return out;
}

void check_round_trip(const Value& value) {
  const std::string bytes = encoded(value.value) + "behind";
  std::string_view in = bytes;
  require(take_key_value(in, value.type) == value.value, "a key value decodes to the original");
  require(in == "behind", "decoding a key value stops at its end");
}

void check_order(const Value& left, const Value& right) {
  if (left.type != right.type) return;
  const std::string left_bytes = encoded(left.value);
  const std::string right_bytes = encoded(right.value);
  const auto order = left_bytes.compare(right_bytes) <=> 0;
  require(order == compare_scalars(left.value, right.value), "bytes have the order of the values");
  require(order == 0 || !right_bytes.starts_with(left_bytes), "no encoding is a prefix of another");
}

// Checks a table whose key is the first two values, a local index that is sorted by the others, and
// a global index whose key is the others.
void check_keys(const std::vector<Value>& values) {
  KeyLayout table;
  KeyLayout local;
  KeyLayout global{.is_global = true};
  Item item;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const KeyAttribute attribute{"a" + std::to_string(i), values[i].type};
    item.emplace(attribute.name, values[i].value);
    KeyLayout& layout = i < 2 ? table : global;
    (i % 2 == 0 ? layout.partition : layout.sort).push_back(attribute);
    if (i < 2) global.suffix.push_back(attribute);
    if (i >= 2) local.sort.push_back(attribute);
  }
  local.partition = table.partition;
  local.suffix = global.suffix;
  const ItemSource source(item);
  const auto check = [&](const KeyLayout& layout) {
    const std::string key = encode_key(layout, source).value();
    const auto decoded = decode_key(layout, key);
    std::set<std::string> names;
    for (const auto* part : {&layout.partition, &layout.sort, &layout.suffix}) {
      for (const KeyAttribute& attribute : *part) names.insert(attribute.name);
    }
    require(decoded.size() == names.size(), "a key has every attribute");
    for (const auto& [name, value] : decoded) {
      require(value == item.find(name)->second, "a key contains the original attributes");
    }
    return key;
  };
  const std::string table_key = check(table);
  if (values.size() < 3) return;
  require(table_key_of(local, check(local)) == table_key,
          "the key of a local index contains the table key");
  const std::string entry_values = encode_entry_values(global, source).value();
  ItemKey item_key(table, table_key);
  require(encode_entry_key(global, entry_values, item_key, {}) == check(global),
          "the key of an entry follows from the table key");
}

}  // namespace

void fuzz_one(std::string_view input) {
  const std::vector<Value> values = values_in(input);
  if (values.empty()) return;
  for (const Value& value : values) check_round_trip(value);
  for (std::size_t i = 1; i < values.size(); ++i) {
    check_order(values[i - 1], values[i]);
    check_order(values[i], values[i - 1]);
  }
  check_keys(values);
}

}  // namespace pageturner
