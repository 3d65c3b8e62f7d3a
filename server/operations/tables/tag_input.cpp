#include "server/operations/tables/tag_input.h"

#include <algorithm>
#include <set>

#include "protocol/limits.h"
#include "protocol/text.h"
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

Result<std::string> parse_key(std::optional<JsonValue> json) {
  const std::string key(json ? json->as_string() : "null");
  constexpr std::string_view reserved = "aws:";
  if (equals_ignoring_case(std::string_view(key).substr(0, reserved.size()), reserved)) {
    return validation_error(concat("Tag Key cannot be prefixed with aws:, Key: ", key));
  }
  if (!json || key.empty() || !is_tag_text(key, limits::tag_key_length_max)) {
    return validation_error(concat("The Tag Key provided is invalid, Key: ", key));
  }
  return key;
}

Result<std::string> parse_value(std::optional<JsonValue> json) {
  const std::string value(json ? json->as_string() : "null");
  if (!json || !is_tag_text(value, limits::tag_value_length_max)) {
    return validation_error(concat("The Tag Value provided is invalid, Value: ", value));
  }
  return value;
}

}  // namespace

Result<std::vector<Tag>> parse_tags(JsonValue list) {
  std::vector<Tag> tags;
  for (const JsonValue element : list.elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(std::string key, parse_key(element.find("Key")));
    PAGETURNER_ASSIGN_OR_RETURN(std::string value, parse_value(element.find("Value")));
    tags.push_back({std::move(key), std::move(value)});
  }
  std::set<std::string_view> seen;
  for (const Tag& tag : tags) {
    if (!seen.insert(tag.key).second) {
      return validation_error(
          concat("Duplicate Tag Keys provided as input: Duplicate Tag Key found ", tag.key));
    }
  }
  PAGETURNER_RETURN_IF_ERROR(check_tag_count(tags.size()));
  return tags;
}

Result<std::vector<std::string>> parse_tag_keys(JsonValue list) {
  std::vector<std::string> keys;
  for (const JsonValue element : list.elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(std::string key, parse_key(element));
    keys.push_back(std::move(key));
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
