#include "protocol/model/value_echo.h"

#include <optional>

#include "protocol/text.h"

namespace pageturner {

std::string member_path_name(std::string_view name) {
  std::string path(name);
  path.front() = to_lower(path.front());
  return path;
}

namespace {

void append_structure_echo(std::string& out, JsonValue json, const Shape& shape) {
  out.append(shape.name).append("(");
  append_joined(out, shape.members, ", ", [&](std::string& text, const ShapeMember& member) {
    text.append(member_path_name(member.name)).append("=");
    const auto value = member.shape != nullptr ? json.find(member.name) : std::nullopt;
    if (value) {
      append_echo(text, *value, *member.shape);
    } else {
      text += "null";
    }
  });
  out += ")";
}

}  // namespace

void append_echo(std::string& out, JsonValue json, const Shape& shape) {
  if (json.is_null()) {
    out += "null";
  } else if (shape.kind == Shape::Kind::structure) {
    append_structure_echo(out, json, shape);
  } else if (shape.kind == Shape::Kind::list) {
    out += "[";
    append_joined_echo(out, json.elements(), ", ", [&](std::string& text, JsonValue element) {
      append_echo(text, element, *shape.element);
    });
    out += "]";
  } else if (shape.kind == Shape::Kind::map) {
    out += "{";
    append_joined_echo(out, json.members(), ", ", [&](std::string& text, const JsonMember& member) {
      text.append(echo_of(member.name)).append("=");
      append_echo(text, member.value, *shape.element);
    });
    out += "}";
  } else if (json.kind() == JsonValue::Kind::string) {
    out += echo_of(json.as_string());
  } else {
    std::string text;
    json.write(text);
    out += echo_of(text);
  }
}

}  // namespace pageturner
