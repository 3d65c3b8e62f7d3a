// Builds values, items and expressions from their wire form, to keep tests short.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/attribute_value_json.h"
#include "protocol/expression/compile.h"
#include "protocol/json.h"

namespace pageturner {

// Requires: the text parses. value() of a failed result ends the test with its error.

inline AttributeValue value_of(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  return parse_attribute_value(document.value().root()).value();
}

inline Item item_of(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  return parse_item(document.value().root()).value();
}

inline std::string wire_of(const AttributeValue& value) {
  std::string out;
  append_attribute_value(out, value);
  return out;
}

inline std::string wire_of(const Item& item) {
  std::string out;
  append_item(out, item);
  return out;
}

// Parses ExpressionAttributeNames and ExpressionAttributeValues; an empty text means absent.
inline Result<Placeholders> placeholders_of(std::string_view names, std::string_view values) {
  auto names_json = names.empty() ? JsonDocument::parse("null") : JsonDocument::parse(names);
  auto values_json = values.empty() ? JsonDocument::parse("null") : JsonDocument::parse(values);
  return Placeholders::parse(
      names.empty() ? std::nullopt : std::optional(names_json.value().root()),
      values.empty() ? std::nullopt : std::optional(values_json.value().root()));
}

// Returns a resolved condition.
inline ExpressionNode condition_of(std::string_view text, std::string_view values = {},
                                   std::string_view names = {}) {
  Placeholders placeholders = placeholders_of(names, values).value();
  return compile_condition(ExpressionParameter::condition, text, placeholders).value();
}

// Returns resolved paths.
inline std::vector<DocumentPath> paths_of(std::string_view text, std::string_view names = {}) {
  Placeholders placeholders = placeholders_of(names, {}).value();
  return compile_projection(text, placeholders).value();
}

// Returns the error message of a failed result, and "(accepted)" of a successful one.
template <class T>
std::string message_of(const Result<T>& result) {
  return result ? "(accepted)" : result.error().message;
}

}  // namespace pageturner
