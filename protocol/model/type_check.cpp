// check_types: the JSON types of a request.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "protocol/model/shape.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

Error serialization_error(std::string message) {
  return {ErrorType::serialization, std::move(message)};
}

// Returns the Java class of `shape`, which the messages of the service contain.
std::string java_type(const Shape& shape) {
  switch (shape.kind) {
    case Shape::Kind::string:
      return "java.lang.String";
    case Shape::Kind::integer:
      return "java.lang.Integer";
    case Shape::Kind::long_integer:
      return "java.lang.Long";
    case Shape::Kind::timestamp:
      return "java.util.Date";
    case Shape::Kind::boolean:
      return "java.lang.Boolean";
    case Shape::Kind::blob:
      return "java.nio.ByteBuffer";
    case Shape::Kind::list:
      return concat("java.util.List<", java_type(*shape.element), ">");
    case Shape::Kind::map:
      return concat("java.util.Map<java.lang.String, ", java_type(*shape.element), ">");
    case Shape::Kind::structure:
    case Shape::Kind::unsupported:
      break;
  }
  return concat("com.amazonaws.dynamodb.v20120810.", shape.name);
}

// Returns how the service names the token it found instead of a scalar.
std::string_view token_name(JsonValue json) {
  switch (json.kind()) {
    case JsonValue::Kind::boolean:
      return json.as_boolean() ? "TRUE_VALUE" : "FALSE_VALUE";
    case JsonValue::Kind::integer:
      return "NUMBER_VALUE";
    case JsonValue::Kind::decimal:
      return "DECIMAL_VALUE";
    default:
      return "STRING_VALUE";
  }
}

Error not_convertible(JsonValue json, std::string_view type) {
  return serialization_error(concat(token_name(json), " cannot be converted to ", type));
}

// Returns the value of a base64 digit, or -1.
int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

Result<void> check_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return serialization_error(
        concat("Base64 encoded length is expected a multiple of 4 bytes but found: ", text.size()));
  }
  if (text.empty()) return {};
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  const std::string_view digits = text.substr(0, text.size() - padding);
  const bool all_digits =
      std::all_of(digits.begin(), digits.end(), [](char c) { return base64_digit(c) >= 0; });
  // The last digit before padding has unused bits, which must be zero.
  const int unused_bits = padding == 2 ? 0xF : padding == 1 ? 0x3 : 0;
  if (!all_digits || (base64_digit(digits.back()) & unused_bits) != 0) {
    return serialization_error("Invalid last non-pad Base64 character dectected");
  }
  return {};
}

// Whether a value is a member of a structure or an element of a list or map. Some messages depend
// on it.
enum class Position { member, element };

Result<void> check_value(JsonValue json, const Shape& shape, Position position);

// Whether the service takes `text` as a boolean of `shape`.
bool is_boolean_text(std::string_view text, const Shape& shape) {
  constexpr std::array<std::string_view, 6> texts = {"true", "false", "yes", "no", "1", "0"};
  const auto end = shape.accepts_words ? texts.end() : texts.begin() + 2;
  return std::any_of(texts.begin(), end,
                     [&](std::string_view word) { return equals_ignoring_case(text, word); });
}

Result<void> check_scalar(JsonValue json, const Shape& shape) {
  using Kind = JsonValue::Kind;
  const Kind kind = json.kind();
  const bool is_number = kind == Kind::integer || kind == Kind::decimal;
  switch (shape.kind) {
    case Shape::Kind::string:
      if (kind != Kind::string) return not_convertible(json, "String");
      break;
    case Shape::Kind::integer:
      if (!is_number) return not_convertible(json, "Integer");
      break;
    case Shape::Kind::long_integer:
      if (!is_number) return not_convertible(json, "Long");
      break;
    case Shape::Kind::timestamp:
      if (!is_number) return not_convertible(json, "Date");
      break;
    case Shape::Kind::boolean:
      if (is_number) return not_convertible(json, "Boolean");
      if (kind == Kind::string && !is_boolean_text(json.as_string(), shape)) {
        return serialization_error("Unexpected token received from parser");
      }
      break;
    default:
      if (kind != Kind::string) {
        return serialization_error("only base-64-encoded strings are convertible to bytes");
      }
      return check_base64(json.as_string());
  }
  return {};
}

bool is_scalar(const Shape& shape) {
  return shape.kind != Shape::Kind::list && shape.kind != Shape::Kind::map &&
         shape.kind != Shape::Kind::structure;
}

// The error for a scalar where `shape` requires a list, map or structure.
Error scalar_found(const Shape& shape, Position position) {
  if (position == Position::member) return serialization_error("Unexpected field type");
  if (shape.kind == Shape::Kind::structure) {
    return serialization_error("Unexpected value type in payload");
  }
  return serialization_error(
      "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to class "
      "java.lang.Class (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and "
      "java.lang.Class are in module java.base of loader 'bootstrap')");
}

// The error for an array where `shape` requires another type.
Error array_found(const Shape& shape) {
  const std::string_view word = shape.kind == Shape::Kind::map ? "" : "class ";
  return serialization_error(concat("Unrecognized collection type ", word, java_type(shape)));
}

const Shape* find_member(const Shape& structure, std::string_view name) {
  for (const ShapeMember& member : structure.members) {
    // The first letters nearly always differ, and comparing them is cheaper than a call.
    const bool may_be_same =
        member.name.size() == name.size() && member.name.front() == name.front();
    if (may_be_same && member.name == name) return member.shape;
  }
  return nullptr;
}

// A member without content asks for nothing.
Result<void> check_unsupported(JsonValue json, std::string_view name) {
  const bool is_container = json.is_object() || json.kind() == JsonValue::Kind::array;
  if (json.is_null() || (is_container && json.size() == 0)) return {};
  return invalid_parameter(concat(name, " is not supported by Pageturner"));
}

Result<void> check_value(JsonValue json, const Shape& shape, Position position) {
  using Kind = JsonValue::Kind;
  const Kind kind = json.kind();
  if (kind == Kind::null) return {};
  const bool wants_array = shape.kind == Shape::Kind::list;
  if (kind == Kind::array && !wants_array) return array_found(shape);
  if (kind == Kind::object && (wants_array || is_scalar(shape))) {
    return serialization_error("Start of structure or map found where not expected");
  }
  if (is_scalar(shape)) return check_scalar(json, shape);
  if (kind != Kind::array && kind != Kind::object) return scalar_found(shape, position);
  if (kind == Kind::array) {
    for (const JsonValue element : json.elements()) {
      PAGETURNER_RETURN_IF_ERROR(check_value(element, *shape.element, Position::element));
    }
    return {};
  }
  for (const auto& [name, value] : json.members()) {
    if (shape.kind == Shape::Kind::map) {
      PAGETURNER_RETURN_IF_ERROR(check_value(value, *shape.element, Position::element));
    } else if (const Shape* member = find_member(shape, name)) {
      PAGETURNER_RETURN_IF_ERROR(member->kind == Shape::Kind::unsupported
                                     ? check_unsupported(value, name)
                                     : check_value(value, *member, Position::member));
    }
  }
  return {};
}

}  // namespace

Result<void> check_types(JsonValue json, const Shape& shape) {
  if (!json.is_object()) return serialization_error("");
  return check_value(json, shape, Position::member);
}

}  // namespace pageturner
