#include "protocol/model/value_echo.h"

#include <optional>
#include <utility>

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
  bool first = true;
  for (const ShapeMember& member : shape.members) {
    if (!first) out += ", ";
    first = false;
    out.append(member_path_name(member.name)).append("=");
    const auto value = member.shape != nullptr ? json.find(member.name) : std::nullopt;
    if (value) {
      append_echo(out, *value, *member.shape);
    } else {
      out += "null";
    }
  }
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

}  // namespace pageturner
