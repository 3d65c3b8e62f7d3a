// JSON for the rest of the project. json.cpp is the only file that knows the JSON library.
#pragma once

#include <concepts>
#include <cstdint>
#include <forward_list>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "protocol/error.h"

namespace pageturner {

struct JsonMember;
template <class Value>
class JsonRange;
class JsonValue;
using JsonElements = JsonRange<JsonValue>;
using JsonMembers = JsonRange<JsonMember>;

// A value inside a JsonDocument: a pointer, cheap to copy, valid as long as the document lives.
class JsonValue {
 public:
  enum class Kind : std::uint8_t { null, boolean, integer, decimal, string, array, object };

  Kind kind() const { return node_->kind; }
  bool is_null() const { return kind() == Kind::null; }
  bool is_object() const { return kind() == Kind::object; }

  // Each of these gives the empty value of its type for any kind but the one it names.
  bool as_boolean() const { return kind() == Kind::boolean && *node_->text == 't'; }
  std::string_view as_string() const {  // unescaped UTF-8
    return kind() == Kind::string ? node_->as_text() : std::string_view();
  }

  // Of an integer or a decimal. A decimal loses its fraction; what does not fit an int64 is clamped
  // to its ends.
  std::int64_t as_integer() const;

  // A number of seconds in milliseconds, rounded; clamped to what 64 bits hold.
  std::int64_t as_milliseconds() const;

  // The elements of an array or the members of an object; 0 for every other kind.
  std::size_t size() const { return is_container() ? node_->size : 0; }
  // The elements of an array; none for every other kind.
  JsonElements elements() const;
  // The members of an object, in the order of the text; none for every other kind.
  JsonMembers members() const;
  // The elements of the member `name`; none where there is no such array.
  JsonElements elements_of(std::string_view name) const;

  // The member `name` of an object. A member that is null counts as absent, as the service counts
  // it. Nothing for every other kind.
  std::optional<JsonValue> find(std::string_view name) const;

  // Whether the name of this value, a member of an object, was written without escapes, and so
  // needs none when it is written again.
  bool has_plain_name() const { return node_[-1].is_plain; }

  // This value as compact JSON text, appended to `out`. Numbers stay as they were written.
  void write(std::string& out) const;

  // The same with the members of objects in the order of their names and without those that are
  // null: equal for requests that say the same.
  void write_canonical(std::string& out) const;

 private:
  friend class JsonDocument;
  template <class Value>
  friend class JsonRange;

  // A document is its nodes in the order of the text, parents before what they hold. The name of a
  // member is a string before its value. Reading goes forward over them; nothing is linked, so that
  // a request takes one allocation.
  struct Node {
    std::string_view as_text() const { return {text, size}; }

    const char* text;    // of a scalar: the value of a string, other scalars as they are written
    std::uint32_t size;  // bytes of the text; elements or members
    std::uint32_t span;  // of this node and all below it
    Kind kind;
    bool is_plain;  // of a string: it had no escapes, and so needs none when it is written
  };

  explicit JsonValue(const Node* node) : node_(node) {}
  bool is_container() const { return kind() >= Kind::array; }
  bool is_number() const { return kind() == Kind::integer || kind() == Kind::decimal; }
  double as_double() const;

  const Node* node_;
};

struct JsonMember {
  std::string_view name;
  JsonValue value;
};

// The elements of an array, each a JsonValue, or the members of an object, each a JsonMember.
template <class Value>
class JsonRange {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Value;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Value;

    explicit Iterator(const JsonValue::Node* node) : node_(node) {}
    Value operator*() const {
      if constexpr (is_member)
        return {node_->as_text(), JsonValue(node_ + 1)};
      else
        return JsonValue(node_);
    }
    Iterator& operator++() {
      node_ += is_member ? 1 + node_[1].span : node_->span;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator&) const = default;

   private:
    static constexpr bool is_member = std::is_same_v<Value, JsonMember>;
    const JsonValue::Node* node_;
  };

  Iterator begin() const { return begin_; }
  Iterator end() const { return end_; }

 private:
  friend class JsonValue;
  JsonRange(const JsonValue::Node* begin, const JsonValue::Node* end) : begin_(begin), end_(end) {}
  Iterator begin_;
  Iterator end_;
};

inline JsonElements JsonValue::elements() const {
  return {node_ + 1, node_ + (kind() == Kind::array ? node_->span : 1)};
}

inline JsonMembers JsonValue::members() const {
  return {node_ + 1, node_ + (kind() == Kind::object ? node_->span : 1)};
}

// Here, because every request looks for some forty members, most of which are not there.
inline std::optional<JsonValue> JsonValue::find(std::string_view name) const {
  for (const auto& [member_name, value] : members()) {
    if (member_name.size() != name.size() || member_name != name) continue;
    return value.is_null() ? std::nullopt : std::optional<JsonValue>(value);
  }
  return std::nullopt;
}

// A parsed JSON text. Strings are valid UTF-8; of members with equal names the last one counts.
class JsonDocument {
 public:
  // Parses all of `text`, which has to outlive the document: strings without escapes are left where
  // they are. Fails with SerializationException where it is no JSON, holds invalid UTF-8 or nests
  // deeper than limits::json_depth_max.
  static Result<JsonDocument> parse(std::string_view text);
  template <class Text>
  requires std::same_as<Text, std::string>
  static Result<JsonDocument> parse(Text&& temporary) = delete;

  // Parses the one JSON text that `texts` begins with, and takes it and the white space before it
  // off. Requires and fails as above, and fails where there is none.
  static Result<JsonDocument> parse_next(std::string_view& texts);

  JsonValue root() const { return JsonValue(nodes_.data()); }

 private:
  class Builder;
  JsonDocument() = default;

  std::vector<JsonValue::Node> nodes_;
  std::forward_list<std::string> unescaped_;  // the strings that had escapes
};

// Whether append_json_escaped writes `text` otherwise than it is.
bool needs_json_escape(std::string_view text);

// Appends `text` (UTF-8) as the inside of a JSON string: escaped, without the quotes. Equal texts
// give equal bytes, so escaped names can be compared as they are.
void append_json_escaped(std::string& out, std::string_view text);

// Appends `text` as a JSON string, quotes included.
void append_json_string(std::string& out, std::string_view text);

}  // namespace pageturner
