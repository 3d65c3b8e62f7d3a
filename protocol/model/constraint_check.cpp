// check_constraints: the constraints of a request's values.
#include <algorithm>
#include <string>
#include <utility>

#include "protocol/model/shape.h"
#include "protocol/model/value_echo.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

std::string pattern_text(const TextPattern& pattern) {
  return concat("Member must satisfy regular expression pattern: ", pattern.text);
}

std::string length_text(std::string_view comparison, std::int64_t length) {
  return concat("Member must have length ", comparison, " than or equal to ", length);
}

// The position of a value in a request, which messages print as
// "requestItems.Music.member.1.member". A linked list on the stack; it becomes text only if there
// is a violation. A path must not outlive its parent or the names it was made from.
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
    const std::string parent = parent_->text();
    const std::string_view separator = parent.empty() ? "" : ".";
    if (number_ == 0) return concat(parent, separator, member_path_name(name_));
    if (number_ == in_map) return concat(parent, separator, name_, ".member");
    return concat(parent, separator, number_, ".member");
  }

 private:
  static constexpr auto in_map = static_cast<std::size_t>(-1);

  Path(const Path* parent, std::string_view name, std::size_t number)
      : parent_(parent), name_(name), number_(number) {}

  const Path* parent_ = nullptr;  // nullptr: the request itself
  std::string_view name_;
  std::size_t number_ = 0;  // of an element, from 1; 0: a member; in_map: a value of a map
};

// Returns the part of `text` that the constraints of `shape` apply to.
std::string_view constrained_part(std::string_view text, const Shape& shape) {
  return shape.constrained_part == nullptr ? text : shape.constrained_part(text);
}

std::string enum_text(const std::vector<std::string_view>& values) {
  std::string text = "Member must satisfy enum value set: [";
  std::string_view separator = "";
  for (const std::string_view value : values) {
    text.append(std::exchange(separator, ", ")).append(value);
  }
  return text += "]";
}

// Collects the violations of one request.
class Violations {
 public:
  void check(JsonValue json, const Shape& shape, const Path& path);

  Result<void> result() const {
    if (texts_.empty()) return {};
    std::string message =
        concat(texts_.size(), " validation error", texts_.size() == 1 ? "" : "s", " detected: ");
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
    echo += '\'';
    add_text(echo, path, constraint);
  }
  void add_text(std::string_view echo, const Path& path, std::string_view constraint) {
    constexpr std::size_t violations_max = 10;
    if (texts_.size() == violations_max) return;
    texts_.push_back(concat("Value ", echo, " at '", path.text(),
                            "' failed to satisfy constraint: ", constraint));
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
  const std::string_view text = constrained_part(json.as_string(), shape);
  const auto& values = shape.enum_values;
  if (!values.empty() && std::find(values.begin(), values.end(), text) == values.end()) {
    add(json, shape, path, enum_text(values));
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
    return concat("Member must have value ", comparison, " than or equal to ", bound);
  };
  if (shape.min && value < *shape.min) add(json, shape, path, text("greater", *shape.min));
  if (shape.max && value > *shape.max) add(json, shape, path, text("less", *shape.max));
}

void Violations::check_size(JsonValue json, const Shape& shape, const Path& path) {
  const auto size = static_cast<std::int64_t>(json.size());
  if (shape.min && size < *shape.min) add(json, shape, path, length_text("greater", *shape.min));
  if (shape.max && size > *shape.max) add(json, shape, path, length_text("less", *shape.max));
}

// Checks each element of the list `json` against `shape`.
void Violations::check_elements(JsonValue json, const Shape& shape, const Path& path) {
  std::size_t index = 0;
  for (const JsonValue element : json.elements()) check(element, shape, path.element(index++));
}

// A map has one violation for all its keys and one for the number of elements of all its values.
void Violations::check_map(JsonValue json, const Shape& shape, const Path& path) {
  check_size(json, shape, path);
  bool bad_key = false;
  bool bad_value = false;
  for (const auto& [name, value] : json.members()) {
    if (shape.key != nullptr) {
      const std::string_view key = constrained_part(name, *shape.key);
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
    return concat("[", length_text("less", bounded.max.value_or(0)), ", ",
                  length_text("greater", bounded.min.value_or(0)));
  };
  if (bad_key) {
    add(json, shape, path,
        concat("Map keys must satisfy constraint: ", lengths(*shape.key), ", ",
               pattern_text(*shape.key->pattern), "]"));
  }
  if (bad_value) {
    add(json, shape, path,
        concat("Map value must satisfy constraint: ", lengths(*shape.element), "]"));
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
  std::size_t left = json.size();  // members of the request that were not found yet
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

Result<void> check_constraints(JsonValue json, const Shape& shape) {
  Violations violations;
  violations.check(json, shape, Path());
  return violations.result();
}

}  // namespace pageturner
