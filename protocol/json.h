// JSON documents and JSON text. json.cpp is the only file that includes the JSON library.
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

// A value inside a JsonDocument. A pointer: cheap to copy, valid as long as the document.
class JsonValue {
 public:
  enum class Kind : std::uint8_t { null, boolean, integer, decimal, string, array, object };

  Kind kind() const { return node_->kind; }
  bool is_null() const { return kind() == Kind::null; }
  bool is_object() const { return kind() == Kind::object; }

  // Each of these returns the empty value of its type if the value has another kind.
  bool as_boolean() const { return kind() == Kind::boolean && *node_->text == 't'; }
  std::string_view as_string() const {  // unescaped UTF-8
    return kind() == Kind::string ? node_->as_text() : std::string_view();
  }

  // Of an integer or a decimal. The fraction of a decimal is dropped; a value outside the range of
  // int64 is clamped to it.
  std::int64_t as_integer() const;

  // Converts a number of seconds to milliseconds, rounded and clamped to the range of int64.
  std::int64_t as_milliseconds() const;

  // The number of elements of an array or members of an object; 0 for every other kind.
  std::size_t size() const { return is_container() ? node_->size : 0; }
  // The elements of an array; empty for every other kind.
  JsonElements elements() const;
  // The members of an object, in the order of the text; empty for every other kind.
  JsonMembers members() const;
  // The elements of the member `name`; empty if there is no such member or it is no array.
  JsonElements elements_of(std::string_view name) const;

  // Returns the member `name` of an object, or nothing if it is absent, null or this is no object.
  // (The service treats a member that is null as absent.)
  std::optional<JsonValue> find(std::string_view name) const;

  // Whether the name of this value, a member of an object, was written without escapes and so can
  // be written again without escaping it. Requires (not checked): this is a member of an object.
  bool has_plain_name() const { return node_[-1].is_plain; }

  // The number of arrays and objects inside each other: 0 for a scalar, 1 for [] and {}.
  std::size_t depth() const;

  // Appends this value to `out` as compact JSON. Numbers keep their text.
  void write(std::string& out) const;

  // As write(), with the members of objects sorted by name and without null members: equal for
  // requests that mean the same.
  void write_canonical(std::string& out) const;

 private:
  friend class JsonDocument;
  template <class Value>
  friend class JsonRange;

  // A document is a vector of nodes in the order of the text, parents before children. The name of
  // a member is a string node before its value. Navigation only moves forward over the nodes; there
  // are no links, so that a request takes one allocation.
  struct Node {
    std::string_view as_text() const { return {text, size}; }

    const char* text;    // of a scalar: the value of a string, the text of any other scalar
    std::uint32_t size;  // bytes of the text, or number of elements or members
    std::uint32_t span;  // number of nodes: this one and all below it
    Kind kind;
    bool is_plain;  // of a string: it had no escapes, so it can be written without escaping
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

// The range of the elements of an array, as JsonValue, or of the members of an object, as
// JsonMember.
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

// Inline, because every request looks for about forty members, most of which are absent.
inline std::optional<JsonValue> JsonValue::find(std::string_view name) const {
  for (const auto& [member_name, value] : members()) {
    if (member_name.size() != name.size() || member_name != name) continue;
    return value.is_null() ? std::nullopt : std::optional<JsonValue>(value);
  }
  return std::nullopt;
}

// A parsed JSON text. Strings are valid UTF-8. If names in an object are equal, the last member is
// kept.
class JsonDocument {
 public:
  // Move-only: the views of a copy would point into the strings of the original.
  JsonDocument(JsonDocument&&) = default;
  JsonDocument& operator=(JsonDocument&&) = default;

  // Parses all of `text`. Requires (a temporary string is rejected at compile time, nothing else is
  // checked): `text` outlives the document, because strings without escapes are views into it.
  // Errors: SerializationException for text that is no JSON, contains invalid UTF-8 or nests deeper
  // than limits::json_depth_max.
  static Result<JsonDocument> parse(std::string_view text);
  template <class Text>
  requires std::same_as<Text, std::string>
  static Result<JsonDocument> parse(Text&& temporary) = delete;

  // Parses the JSON text at the beginning of `texts`, and removes it and the white space before it
  // from `texts`. Requirements and errors as for parse(); an empty `texts` is an error too.
  static Result<JsonDocument> parse_next(std::string_view& texts);

  JsonValue root() const { return JsonValue(nodes_.data()); }

 private:
  class Builder;
  JsonDocument() = default;

  std::vector<JsonValue::Node> nodes_;
  std::forward_list<std::string> unescaped_;  // the strings that had escapes, decoded
};

// Whether append_json_escaped would change `text`.
bool needs_json_escape(std::string_view text);

// Appends `text` (UTF-8) escaped for the inside of a JSON string, without the quotes. Equal texts
// give equal bytes, so escaped names can be compared without decoding.
void append_json_escaped(std::string& out, std::string_view text);

// Appends `text` as a JSON string, with quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace pageturner
