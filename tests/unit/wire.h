// Builds values, items and expressions from their wire form, to keep tests short.
#pragma once

#include <gtest/gtest.h>

#include <deque>
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

// Returns `text` as JSON that lives as long as the process; nullopt for an empty text.
inline std::optional<JsonValue> lasting_json(std::string_view text) {
  static std::deque<std::string> texts;
  static std::deque<JsonDocument> documents;
  if (text.empty()) return std::nullopt;
  return documents.emplace_back(JsonDocument::parse(texts.emplace_back(text)).value()).root();
}

// Parses ExpressionAttributeNames and ExpressionAttributeValues; an empty text means absent.
inline Result<Placeholders> placeholders_of(std::string_view names, std::string_view values) {
  return Placeholders::parse(lasting_json(names), lasting_json(values));
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
