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

  // Returns the path with names of members as in the API, or with a lower-case first letter.
  enum class Names { api, lower_case };
  std::string text(Names names = Names::lower_case) const {
    if (parent_ == nullptr) return "";
    const std::string parent = parent_->text(names);
    const std::string_view separator = parent.empty() ? "" : ".";
    if (number_ == 0) {
      return concat(parent, separator,
                    names == Names::api ? std::string(name_) : member_path_name(name_));
    }
    if (number_ == in_map) return concat(parent, separator, echo_of(name_), ".member");
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
  return concat("Member must satisfy enum value set: [", join(values, ", "), ']');
}

// Returns the beginning of the list of constraints on the keys or values of a map.
std::string lengths_text(const Shape& bounded) {
  return concat("[", length_text("less", bounded.max.value_or(0)), ", ",
                length_text("greater", bounded.min.value_or(0)));
}

// Finds the violations of one request, and writes them in the words of a validator.
class Violations {
 public:
  // Only finds out whether there are any: texts cost more than the check.
  Violations() : writes_texts_(false) {}
  explicit Violations(Validator validator) : writes_texts_(true), validator_(validator) {}

  void check(JsonValue json, const Shape& shape, const Path& path);

  bool empty() const { return !has_any_; }
  // Whether only the legacy validator reports the violations found.
  bool are_for_legacy() const { return are_for_legacy_; }

  // Requires: there are violations. Their texts may have ten times the size of an echo, so this one
  // holds them no more than twice.
  Error error() && {
    const std::vector<std::string> texts = std::move(texts_.empty() ? key_texts_ : texts_);
    const std::string count = is_bare_ ? ""
                                       : concat(texts.size(), " validation error",
                                                texts.size() == 1 ? "" : "s", " detected: ");
    constexpr std::string_view separator = "; ";
    std::size_t bytes = count.size();
    for (const std::string& text : texts) bytes += text.size() + separator.size();
    std::string message;
    message.reserve(bytes);
    message = count;
    append_joined(message, texts, separator,
                  [](std::string& out, const std::string& text) { out += text; });
    return validation_error(std::move(message));
  }

 private:
  static constexpr std::size_t violations_max = 10;

  bool is_current() const { return validator_ != Validator::legacy; }
  void add(JsonValue json, const Shape& shape, const Path& path, std::string_view constraint) {
    if (wants_text()) texts_.push_back(violation_text(json, shape, path, constraint));
  }
  // Notes a violation. Returns whether its text is to be added to texts_.
  bool wants_text() {
    has_any_ = true;
    return writes_texts_ && texts_.size() < violations_max;
  }
  // Adds the violation of a length or of the range of a number.
  void add_bound(JsonValue json, const Shape& shape, const Path& path,
                 std::string_view constraint) {
    if (!is_current() || !shape.current_omits_value) return add(json, shape, path, constraint);
    if (!wants_text()) return;
    texts_.push_back(concat("Value at '", path.text(Path::Names::api),
                            "' failed to satisfy constraint: ", constraint));
  }
  std::string violation_text(JsonValue json, const Shape& shape, const Path& path,
                             std::string_view constraint) const {
    std::string echo;
    if (is_current() && shape.kind == Shape::Kind::map) {
      std::string text;
      json.write(text);
      echo = echo_of(text);  // Source: a BatchGetItem, the only current operation with such a map.
    } else {
      append_echo(echo, json, shape);
    }
    return concat("Value '", echo, "' at '", path.text(),
                  "' failed to satisfy constraint: ", constraint);
  }
  void check_enum(JsonValue json, const Shape& shape, const Path& path);
  void check_string(JsonValue json, const Shape& shape, const Path& path);
  void check_number(JsonValue json, const Shape& shape, const Path& path);
  void check_size(std::int64_t size, JsonValue json, const Shape& shape, const Path& path);
  void check_elements(JsonValue json, const Shape& shape, const Path& path);
  void check_map(JsonValue json, const Shape& shape, const Path& path);
  void check_map_keys(JsonValue json, const Shape& shape, const Path& path);
  void check_members(JsonValue json, const Shape& shape, const Path& path);

  const bool writes_texts_;
  const Validator validator_ = Validator::legacy;
  bool has_any_ = false;
  std::vector<std::string> texts_;
  std::vector<std::string> key_texts_;  // of maps whose keys are reported last
  bool are_for_legacy_ = false;
  bool is_bare_ = false;  // without the count of violations
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
    case Shape::Kind::unsupported:
      return;
    case Shape::Kind::structure:
      return check_members(json, shape, path);
    case Shape::Kind::map:
      return check_map(json, shape, path);
    case Shape::Kind::list:
      check_size(static_cast<std::int64_t>(json.size()), json, shape, path);
      return check_elements(json, *shape.element, path);
  }
}

void Violations::check_enum(JsonValue json, const Shape& shape, const Path& path) {
  const auto& values = shape.enum_values;
  if (std::find(values.begin(), values.end(), json.as_string()) != values.end()) return;
  if (!is_current() || shape.current_enum_values.empty()) {
    return add(json, shape, path, enum_text(values));
  }
  is_bare_ = validator_ == Validator::current;
  if (!wants_text()) return;
  texts_.push_back(concat("Failed to satisfy constraint: ", enum_text(shape.current_enum_values)));
}

void Violations::check_string(JsonValue json, const Shape& shape, const Path& path) {
  if (!shape.enum_values.empty()) return check_enum(json, shape, path);
  const std::string_view text = constrained_part(json.as_string(), shape);
  if (shape.pattern != nullptr && !shape.pattern->matches(text)) {
    are_for_legacy_ = true;
    add(json, shape, path, pattern_text(*shape.pattern));
  }
  const auto length = static_cast<std::int64_t>(text.size());
  if (shape.pattern != nullptr && shape.max && length > *shape.max) are_for_legacy_ = true;
  check_size(length, json, shape, path);
}

void Violations::check_number(JsonValue json, const Shape& shape, const Path& path) {
  const std::int64_t value = json.as_integer();
  const auto text = [](std::string_view comparison, std::int64_t bound) {
    return concat("Member must have value ", comparison, " than or equal to ", bound);
  };
  if (shape.min && value < *shape.min) add_bound(json, shape, path, text("greater", *shape.min));
  if (shape.max && value > *shape.max) add_bound(json, shape, path, text("less", *shape.max));
}

void Violations::check_size(std::int64_t size, JsonValue json, const Shape& shape,
                            const Path& path) {
  if (shape.min && size < *shape.min) {
    add_bound(json, shape, path, length_text("greater", *shape.min));
  }
  if (shape.max && size > *shape.max) {
    add_bound(json, shape, path, length_text("less", *shape.max));
  }
}

// Checks each element of the list `json` against `shape`.
void Violations::check_elements(JsonValue json, const Shape& shape, const Path& path) {
  std::size_t index = 0;
  for (const JsonValue element : json.elements()) check(element, shape, path.element(index++));
}

// A map has one violation for all its keys and one for the number of elements of all its values.
void Violations::check_map(JsonValue json, const Shape& shape, const Path& path) {
  check_size(static_cast<std::int64_t>(json.size()), json, shape, path);
  check_map_keys(json, shape, path);
  bool bad_value = false;
  for (const auto& [name, value] : json.members()) {
    const auto size = static_cast<std::int64_t>(value.size());
    bad_value |=
        shape.element->kind == Shape::Kind::list &&
        (size < shape.element->min.value_or(0) || size > shape.element->max.value_or(size));
  }
  if (bad_value) {
    add(json, shape, path,
        concat("Map value must satisfy constraint: ", lengths_text(*shape.element), "]"));
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

void Violations::check_map_keys(JsonValue json, const Shape& shape, const Path& path) {
  if (shape.key == nullptr) return;
  const Shape& key = *shape.key;
  const auto is_bad = [&](const JsonMember& member) {
    const std::string_view text = constrained_part(member.name, key);
    const auto length = static_cast<std::int64_t>(text.size());
    return length < key.min.value_or(0) || length > key.max.value_or(length) ||
           !key.pattern->matches(text);
  };
  bool bad_key = false;
  for (const JsonMember member : json.members()) bad_key |= is_bad(member);
  if (!bad_key) return;
  if (!wants_text()) return;
  std::vector<std::string>& texts = shape.reports_keys_last ? key_texts_ : texts_;
  texts.push_back(violation_text(json, shape, path,
                                 concat("Map keys must satisfy constraint: ", lengths_text(key),
                                        ", ", pattern_text(*key.pattern), "]")));
}

void Violations::check_members(JsonValue json, const Shape& shape, const Path& path) {
  if (is_current()) {
    for (const ShapeMember& member : shape.members) {
      if (!member.current_reports_alone) continue;
      if (const auto value = json.find(member.name)) {
        check(*value, *member.shape, path.member(member.name));
      }
      if (!empty()) return;
    }
  }
  std::size_t left = json.size();  // members of the request that were not found yet
  for (const ShapeMember& member : shape.members) {
    if (member.shape == nullptr || (left == 0 && !member.required)) continue;
    const auto value = json.find(member.name);
    if (!value && !member.required) continue;
    if (value) --left;
    const Path member_path = path.member(member.name);
    if (value) {
      check(*value, *member.shape, member_path);
    } else {
      are_for_legacy_ = true;
      if (!wants_text()) continue;
      texts_.push_back(concat("Value null at '", member_path.text(),
                              "' failed to satisfy constraint: Member must not be null"));
    }
  }
}

}  // namespace

Result<void> check_constraints(JsonValue json, const Shape& shape, Validator validator) {
  Violations found;
  found.check(json, shape, Path());
  if (found.empty()) return {};
  Violations violations(found.are_for_legacy() ? Validator::legacy : validator);
  violations.check(json, shape, Path());
  return std::move(violations).error();
}

bool meets_constraints(JsonValue json, const Shape& shape) {
  Violations found;
  found.check(json, shape, Path());
  return found.empty();
}

}  // namespace pageturner
