#include "server/operations/pages/start_key.h"

#include <algorithm>

#include "protocol/attribute_value_json.h"
#include "protocol/text.h"
#include "server/operations/items/item_key.h"

namespace pageturner {
namespace {

Error invalid_start_key(std::string_view detail = "") {
  return validation_error(concat("The provided starting key is invalid", detail));
}

constexpr std::string_view schema_mismatch_detail =
    ": The provided key element does not match the schema";

// The service prefixes some errors about the values of the start key, but not others. Source:
// recorded answers.
Error start_key_value_error(Error error) {
  switch (error.detail) {
    case ErrorDetail::empty_binary_set:
    case ErrorDetail::empty_string_set:
    case ErrorDetail::not_one_data_type:
    case ErrorDetail::null_not_true:
      return invalid_start_key(concat(": ", error.message));
    case ErrorDetail::none:
    case ErrorDetail::attribute_name:
    case ErrorDetail::conditional_operator:
    case ErrorDetail::item_too_large:
    case ErrorDetail::nested_too_deep:
    case ErrorDetail::update_operand_type:
    case ErrorDetail::values_without_expressions:
      break;
  }
  return error;
}

enum class Fit { fits, missing, wrong_type };

// Whether `key` has the attributes of `part` with their types.
Fit fit_of(const std::vector<KeyAttribute>& part, const Item& key) {
  Fit fit = Fit::fits;
  for (const KeyAttribute& attribute : part) {
    const auto found = key.find(attribute.name);
    if (found == key.end()) return Fit::missing;
    if (!has_type(found->second, attribute.type)) fit = Fit::wrong_type;
  }
  return fit;
}

// Returns the number of distinct attributes in the keys of `layout`.
std::size_t attribute_count(const KeyLayout& layout) {
  std::vector<std::string_view> names;
  for (const auto* part : {&layout.partition, &layout.sort, &layout.suffix}) {
    for (const KeyAttribute& attribute : *part) names.push_back(attribute.name);
  }
  std::sort(names.begin(), names.end());
  return static_cast<std::size_t>(std::unique(names.begin(), names.end()) - names.begin());
}

Result<void> check_part(const std::vector<KeyAttribute>& part, const Item& start_key) {
  switch (fit_of(part, start_key)) {
    case Fit::missing:
      return invalid_start_key();
    case Fit::wrong_type:
      return key_mismatch();
    case Fit::fits:
      break;
  }
  return {};
}

}  // namespace

Result<void> parse_start_key(JsonValue body, PageParameters& parameters) {
  const auto json = body.find("ExclusiveStartKey");
  if (!json) return {};
  auto parsed = parse_key(*json);
  if (!parsed) return start_key_value_error(std::move(parsed).error());
  parameters.start_key = std::move(*parsed);
  return {};
}

Result<void> check_start_partition(const PageSource& source, const Item& start_key) {
  if (start_key.size() != attribute_count(source.layout())) return invalid_start_key();
  return check_part(source.layout().partition, start_key);
}

Result<void> check_start_entry(const PageSource& source, const Item& start_key) {
  PAGETURNER_RETURN_IF_ERROR(check_start_partition(source, start_key));
  return check_part(source.layout().sort, start_key);
}

Result<void> check_scan_start(const PageSource& source, const Item& start_key) {
  if (source.index != nullptr) return check_start_entry(source, start_key);
  const KeyLayout& layout = source.layout();
  if (start_key.size() == attribute_count(layout) &&
      fit_of(layout.partition, start_key) == Fit::fits &&
      fit_of(layout.sort, start_key) == Fit::fits) {
    return {};
  }
  return invalid_start_key(schema_mismatch_detail);
}

Result<void> check_start_item(const PageSource& source, const Item& start_key) {
  if (fit_of(source.layout().suffix, start_key) == Fit::fits) return {};
  return invalid_start_key(schema_mismatch_detail);
}

std::string encode_start_key(const PageSource& source, const Item& start_key,
                             std::string_view like) {
  return encode_key(source.layout(), ItemSource(start_key), like).value();
}

}  // namespace pageturner
