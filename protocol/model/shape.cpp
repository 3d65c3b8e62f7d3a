#include "protocol/model/shape.h"

#include <algorithm>
#include <string>
#include <utility>

#include "protocol/text.h"

namespace pageturner {
namespace {

Error serialization_error(std::string message) {
  return {ErrorType::serialization, std::move(message)};
}

// The Java class of a shape, which the service's messages name.
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
      return "java.util.List<" + java_type(*shape.element) + ">";
    case Shape::Kind::map:
      return "java.util.Map<java.lang.String, " + java_type(*shape.element) + ">";
    case Shape::Kind::structure:
      break;
  }
  return "com.amazonaws.dynamodb.v20120810." + std::string(shape.name);
}

// How the service names the token it found in place of a scalar.
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
  return serialization_error(std::string(token_name(json)) + " cannot be converted to " +
                             std::string(type));
}

// The value of a base64 digit, or -1.
int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

Result<void> check_base64(std::string_view text) {
  if (text.size() % 4 != 0) {
    return serialization_error(
        "Base64 encoded length is expected a multiple of 4 bytes but found: " +
        std::to_string(text.size()));
  }
  if (text.empty()) return {};
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  const std::string_view digits = text.substr(0, text.size() - padding);
  const bool all_digits =
      std::all_of(digits.begin(), digits.end(), [](char c) { return base64_digit(c) >= 0; });
  // The last digit before padding has bits that stand for nothing, and they have to be zero.
  const int unused_bits = padding == 2 ? 0xF : padding == 1 ? 0x3 : 0;
  if (!all_digits || (base64_digit(digits.back()) & unused_bits) != 0) {
    return serialization_error("Invalid last non-pad Base64 character dectected");
  }
  return {};
}

// Whether a value stands as a structure's member or as an element of a list or map: the service
// words some errors by it.
enum class Position { member, element };

Result<void> check_value(JsonValue json, const Shape& shape, Position position);

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
      if (kind == Kind::string && !equals_ignoring_case(json.as_string(), "true") &&
          !equals_ignoring_case(json.as_string(), "false")) {
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

// The answer to a list, map or structure in whose place a scalar stands.
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

Error array_found(const Shape& shape) {
  const std::string_view word = shape.kind == Shape::Kind::map ? "" : "class ";
  return serialization_error("Unrecognized collection type " + std::string(word) +
                             java_type(shape));
}

const Shape* find_member(const Shape& structure, std::string_view name) {
  for (const ShapeMember& member : structure.members) {
    // The first letters differ nearly always, and looking at them is cheaper than a call.
    const bool may_be_same =
        member.name.size() == name.size() && member.name.front() == name.front();
    if (may_be_same && member.name == name) return member.shape;
  }
  return nullptr;
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
      PAGETURNER_RETURN_IF_ERROR(check_value(value, *member, Position::member));
    }
  }
  return {};
}

// A parameter's value as the messages echo it: lists [a, b], maps {k=v}, structures Name(a=…, b=…).
void append_echo(std::string& out, JsonValue json, const Shape& shape);

std::string member_path_name(std::string_view name) {
  std::string path(name);
  path.front() = to_lower(path.front());
  return path;
}

void append_structure_echo(std::string& out, JsonValue json, const Shape& shape) {
  out.append(shape.name).append("(");
  bool first = true;
  for (const ShapeMember& member : shape.members) {
    if (!first) out += ", ";
    first = false;
    out.append(member_path_name(member.name)).append("=");
    if (const auto value = json.find(member.name)) {
      append_echo(out, *value, *member.shape);
    } else {
      out += "null";
    }
  }
  out += ")";
}

void append_echo(std::string& out, JsonValue json, const Shape& shape) {
  if (json.is_null()) {
    out += "null";
  } else if (shape.kind == Shape::Kind::structure) {
    append_structure_echo(out, json, shape);
  } else if (shape.kind == Shape::Kind::list) {
    out += "[";
    std::string_view separator = "";
    for (const JsonValue element : json.elements()) {
      out += std::exchange(separator, ", ");
      append_echo(out, element, *shape.element);
    }
    out += "]";
  } else if (shape.kind == Shape::Kind::map) {
    out += "{";
    std::string_view separator = "";
    for (const auto& [name, value] : json.members()) {
      out += std::exchange(separator, ", ");
      out.append(name).append("=");
      append_echo(out, value, *shape.element);
    }
    out += "}";
  } else if (json.kind() == JsonValue::Kind::string) {
    out += json.as_string();
  } else {
    json.write(out);
  }
}

std::string pattern_text(const TextPattern& pattern) {
  return "Member must satisfy regular expression pattern: " + std::string(pattern.text);
}

std::string length_text(std::string_view comparison, std::int64_t length) {
  return "Member must have length " + std::string(comparison) + " than or equal to " +
         std::to_string(length);
}

// Where a value stands in a request, as messages have it: "requestItems.Music.member.1.member". A
// list on the stack that becomes text only where there is something to complain about.
class Path {
 public:
  Path() = default;

  // The member of a structure.
  Path member(std::string_view name) const { return {this, name, 0}; }
  // A value of a map.
  Path value(std::string_view key) const { return {this, key, in_map}; }
  // An element of a list.
  Path element(std::size_t index) const { return {this, {}, index + 1}; }

  std::string text() const {
    if (parent_ == nullptr) return "";
    std::string text = parent_->text();
    if (!text.empty()) text += ".";
    if (number_ == 0) return text + member_path_name(name_);
    return text + (number_ == in_map ? std::string(name_) : std::to_string(number_)) + ".member";
  }

 private:
  static constexpr auto in_map = static_cast<std::size_t>(-1);

  Path(const Path* parent, std::string_view name, std::size_t number)
      : parent_(parent), name_(name), number_(number) {}

  const Path* parent_ = nullptr;  // nullptr: this is the request itself
  std::string_view name_;
  std::size_t number_ = 0;  // of an element, from 1; 0: a member
};

// Collects the violations of one request.
class Violations {
 public:
  void check(JsonValue json, const Shape& shape, const Path& path);

  Result<void> result() const {
    if (texts_.empty()) return {};
    const bool one = texts_.size() == 1;
    std::string message =
        std::to_string(texts_.size()) + " validation error" + (one ? "" : "s") + " detected: ";
    for (std::size_t i = 0; i < texts_.size(); ++i) {
      if (i > 0) message += "; ";
      message += texts_[i];
    }
    return validation_error(std::move(message));
  }

 private:
  void add(JsonValue json, const Shape& shape, const Path& path, std::string_view constraint) {
    std::string echo = "'";
    append_echo(echo, json, shape);
    add_text(echo + "'", path, constraint);
  }
  void add_text(std::string_view echo, const Path& path, std::string_view constraint) {
    constexpr std::size_t violations_max = 10;
    if (texts_.size() == violations_max) return;
    texts_.push_back("Value " + std::string(echo) + " at '" + path.text() +
                     "' failed to satisfy constraint: " + std::string(constraint));
  }
  void check_string(JsonValue json, const Shape& shape, const Path& path);
  void check_number(JsonValue json, const Shape& shape, const Path& path);
  void check_size(JsonValue json, const Shape& shape, const Path& path);
  void check_elements(JsonValue json, const Shape& shape, const Path& path);
  void check_map(JsonValue json, const Shape& shape, const Path& path);
  void check_members(JsonValue json, const Shape& shape, const Path& path);

  std::vector<std::string> texts_;
};

void Violations::check(JsonValue json, const Shape& shape, const Path& path) {
  if (shape.is_unconstrained) return;
  switch (shape.kind) {
    case Shape::Kind::string:
      return check_string(json, shape, path);
    case Shape::Kind::integer:
    case Shape::Kind::long_integer:
      return check_number(json, shape, path);
    case Shape::Kind::timestamp:
    case Shape::Kind::boolean:
    case Shape::Kind::blob:
      return;
    case Shape::Kind::structure:
      return check_members(json, shape, path);
    case Shape::Kind::map:
      return check_map(json, shape, path);
    case Shape::Kind::list:
      check_size(json, shape, path);
      return check_elements(json, *shape.element, path);
  }
}

void Violations::check_string(JsonValue json, const Shape& shape, const Path& path) {
  const std::string_view text =
      shape.is_table_name ? table_name_of(json.as_string()) : json.as_string();
  if (!shape.enum_values.empty() && std::find(shape.enum_values.begin(), shape.enum_values.end(),
                                              text) == shape.enum_values.end()) {
    std::string constraint = "Member must satisfy enum value set: [";
    for (std::size_t i = 0; i < shape.enum_values.size(); ++i) {
      if (i > 0) constraint += ", ";
      constraint += shape.enum_values[i];
    }
    add(json, shape, path, constraint + "]");
  }
  if (shape.pattern != nullptr && !shape.pattern->matches(text)) {
    add(json, shape, path, pattern_text(*shape.pattern));
  }
  const auto length = static_cast<std::int64_t>(text.size());
  if (shape.min && length < *shape.min) add(json, shape, path, length_text("greater", *shape.min));
  if (shape.max && length > *shape.max) add(json, shape, path, length_text("less", *shape.max));
}

void Violations::check_number(JsonValue json, const Shape& shape, const Path& path) {
  const std::int64_t value = json.as_integer();
  const auto text = [](std::string_view comparison, std::int64_t bound) {
    return "Member must have value " + std::string(comparison) + " than or equal to " +
           std::to_string(bound);
  };
  if (shape.min && value < *shape.min) add(json, shape, path, text("greater", *shape.min));
  if (shape.max && value > *shape.max) add(json, shape, path, text("less", *shape.max));
}

void Violations::check_size(JsonValue json, const Shape& shape, const Path& path) {
  const auto size = static_cast<std::int64_t>(json.size());
  if (shape.min && size < *shape.min) add(json, shape, path, length_text("greater", *shape.min));
  if (shape.max && size > *shape.max) add(json, shape, path, length_text("less", *shape.max));
}

// Holds each element of the list `json` against `shape`.
void Violations::check_elements(JsonValue json, const Shape& shape, const Path& path) {
  std::size_t index = 0;
  for (const JsonValue element : json.elements()) check(element, shape, path.element(index++));
}

// The constraints on keys, and those on the number of a value's elements, are told once for a whole
// map.
void Violations::check_map(JsonValue json, const Shape& shape, const Path& path) {
  check_size(json, shape, path);
  bool bad_key = false;
  bool bad_value = false;
  for (const auto& [name, value] : json.members()) {
    if (shape.key != nullptr) {
      const std::string_view key = shape.key->is_table_name ? table_name_of(name) : name;
      const auto length = static_cast<std::int64_t>(key.size());
      bad_key |= length < shape.key->min.value_or(0) || length > shape.key->max.value_or(length) ||
                 !shape.key->pattern->matches(key);
    }
    const auto size = static_cast<std::int64_t>(value.size());
    bad_value |=
        shape.element->kind == Shape::Kind::list &&
        (size < shape.element->min.value_or(0) || size > shape.element->max.value_or(size));
  }
  const auto lengths = [](const Shape& bounded) {
    return "[" + length_text("less", bounded.max.value_or(0)) + ", " +
           length_text("greater", bounded.min.value_or(0));
  };
  if (bad_key) {
    add(json, shape, path,
        "Map keys must satisfy constraint: " + lengths(*shape.key) + ", " +
            pattern_text(*shape.key->pattern) + "]");
  }
  if (bad_value) {
    add(json, shape, path, "Map value must satisfy constraint: " + lengths(*shape.element) + "]");
  }
  for (const auto& [name, value] : json.members()) {
    const Path value_path = path.value(name);
    if (shape.element->kind == Shape::Kind::list) {
      check_elements(value, *shape.element->element, value_path);
    } else {
      check(value, *shape.element, value_path);
    }
  }
}

void Violations::check_members(JsonValue json, const Shape& shape, const Path& path) {
  std::size_t left = json.size();  // members of the request that may be some of the next
  for (const ShapeMember& member : shape.members) {
    if (left == 0 && !member.required) continue;
    const auto value = json.find(member.name);
    if (!value && !member.required) continue;
    if (value) --left;
    const Path member_path = path.member(member.name);
    if (value) {
      check(*value, *member.shape, member_path);
    } else {
      add_text("null", member_path, "Member must not be null");
    }
  }
}

}  // namespace

const TextPattern name_pattern{
    "[a-zA-Z0-9_.-]+", [](std::string_view text) {
      return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
      });
    }};

Result<void> check_types(JsonValue json, const Shape& shape) {
  if (!json.is_object()) return serialization_error("");
  return check_value(json, shape, Position::member);
}

Result<void> check_constraints(JsonValue json, const Shape& shape) {
  Violations violations;
  violations.check(json, shape, Path());
  return violations.result();
}

std::string_view table_name_of(std::string_view name_or_arn) {
  constexpr std::string_view resource = ":table/";
  const auto at = name_or_arn.find(resource);
  if (!name_or_arn.starts_with("arn:") || at == std::string_view::npos) return name_or_arn;
  return name_or_arn.substr(at + resource.size());
}

}  // namespace pageturner
