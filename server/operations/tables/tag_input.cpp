#include "server/operations/tables/tag_input.h"

#include "protocol/limits.h"
#include "protocol/text.h"
#include "protocol/text_order.h"
#include "protocol/unicode.h"
#include "server/operations/parameters.h"

namespace pageturner {
namespace {

// Whether `text` has at most `length_max` characters and all of them are allowed in tags.
bool is_tag_text(std::string_view text, std::size_t length_max) {
  if (utf16_length(text) > length_max) return false;
  constexpr std::string_view signs = "+-=._:/@";
  while (!text.empty()) {
    const bool is_sign = signs.find(text.front()) != std::string_view::npos;
    if (!is_letter_digit_or_space(take_code_point(text)) && !is_sign) return false;
  }
  return true;
}

Result<std::string_view> parse_key(std::optional<JsonValue> json) {
  const std::string_view key = json ? json->as_string() : "null";
  constexpr std::string_view reserved = "aws:";
  if (equals_ignoring_case(key.substr(0, reserved.size()), reserved)) {
    return validation_error(concat("Tag Key cannot be prefixed with aws:, Key: ", key));
  }
  if (!json || key.empty() || !is_tag_text(key, limits::tag_key_length_max)) {
    return validation_error(concat("The Tag Key provided is invalid, Key: ", key));
  }
  return key;
}

Result<std::string_view> parse_value(std::optional<JsonValue> json) {
  const std::string_view value = json ? json->as_string() : "null";
  if (!json || !is_tag_text(value, limits::tag_value_length_max)) {
    return validation_error(concat("The Tag Value provided is invalid, Value: ", value));
  }
  return value;
}

}  // namespace

Result<std::vector<Tag>> parse_tags(JsonValue list) {
  // The number of tags is checked last. Until then nothing is copied.
  std::vector<std::string_view> keys;
  keys.reserve(list.size());
  for (const JsonValue element : list.elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(const std::string_view key, parse_key(element.find("Key")));
    PAGETURNER_RETURN_IF_ERROR(parse_value(element.find("Value")));
    keys.push_back(key);
  }
  const std::size_t repetition = first_repetition(keys);
  if (repetition < keys.size()) {
    return validation_error(
        concat("Duplicate Tag Keys provided as input: Duplicate Tag Key found ", keys[repetition]));
  }
  PAGETURNER_RETURN_IF_ERROR(check_tag_count(keys.size()));
  std::vector<Tag> tags;
  for (const JsonValue element : list.elements()) {
    tags.push_back(
        {std::string(keys[tags.size()]), std::string(element.find("Value")->as_string())});
  }
  return tags;
}

Result<std::vector<std::string_view>> parse_tag_keys(JsonValue list) {
  std::vector<std::string_view> keys;
  keys.reserve(list.size());
  for (const JsonValue element : list.elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(const std::string_view key, parse_key(element));
    keys.push_back(key);
  }
  PAGETURNER_RETURN_IF_ERROR(check_tag_count(keys.size()));
  return keys;
}

Result<void> check_tag_count(std::size_t count) {
  if (count <= limits::tags_max) return {};
  return validation_error("Number of Tags exceed the current limit for the provided ResourceArn");
}

Result<void> check_tag_parameters(JsonValue body, std::string_view name, std::string_view path) {
  if (!body.find("ResourceArn")) return validation_error("Invalid TableArn");
  if (body.find(name)) return {};
  return validation_error(concat("1 validation error detected: Value null at '", path,
                                 "' failed to satisfy constraint: Member must not be null"));
}

Result<ResourceArn> parse_tagged_arn(JsonValue body) {
  PAGETURNER_ASSIGN_OR_RETURN(ResourceArn arn, parse_resource_arn(body));
  if (!arn.is_of_own_account()) return Error{ErrorType::access_denied, "Access is denied"};
  return arn;
}

Result<Resource> find_tagged(Database& database, const ResourceArn& arn) {
  if (auto resource = find_resource(database, arn)) return std::move(*resource);
  return Error{ErrorType::resource_not_found,
               concat("Requested resource not found: ResourceArn: ", arn.text, " not found")};
}

}  // namespace pageturner
