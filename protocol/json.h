// JSON documents and JSON text. json.cpp is the only file that includes the JSON library.
#pragma once

#include <concepts>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "protocol/error.h"

namespace pageturner {

struct JsonMember;
template <class Value>
class JsonRange;
class JsonValue;
using JsonElements = JsonRange<JsonValue>;
using JsonMembers = JsonRange<JsonMember>;

// A value inside a JsonDocument. Two pointers: cheap to copy, valid as long as the document.
class JsonValue {
 public:
  enum class Kind : std::uint8_t { null, boolean, integer, decimal, string, array, object };

  Kind kind() const { return node_->kind; }
  bool is_null() const { return kind() == Kind::null; }
  bool is_object() const { return kind() == Kind::object; }

  // Each of these returns the empty value of its type if the value has another kind.
  bool as_boolean() const { return kind() == Kind::boolean && node_->first != 0; }
  std::string_view as_string() const {  // unescaped UTF-8
    return kind() == Kind::string ? node_->bytes(text_) : std::string_view();
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

  // The memory of this value in units of eight bytes: a measure of its size that costs nothing.
  std::size_t node_count() const { return node_->span(); }

  // Whether the name of this value, a member of an object, was written without escapes and so can
  // be written again without escaping it. Requires (not checked): this is a member of an object.
  bool has_plain_name() const { return node_->has_plain_name; }

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

  // A document is an array of nodes in the order of the text, parents before children. The name of
  // a member is a string node before its value. Navigation only moves forward over the nodes; there
  // are no links, so that a request takes one allocation. The text of a scalar is in the text that
  // was parsed or, decoded, in the nodes after its own.
  //
  // Eight bytes, because a body of 16 MB may contain eight million values.
  struct Node {
    std::uint32_t first;      // in_text: offset of the text (boolean: its value); else: span()
    std::uint32_t size : 26;  // bytes of the text, or number of elements or members
    Kind kind : 3;
    // The node is a scalar whose text is in the parsed text, where its bytes need no escaping.
    bool in_text : 1;
    bool has_plain_name : 1;  // see JsonValue::has_plain_name()
    bool is_dropped : 1;      // while parsing: the name of a member that a later one replaces

    // The number of nodes that this value takes: this one and all below it or with its text.
    std::uint32_t span() const { return in_text ? 1 : first; }
    // Requires: a scalar. `text` is the parsed text.
    std::string_view bytes(const char* text) const {
      return {in_text ? text + first : reinterpret_cast<const char*>(this + 1), size};
    }
  };
  static constexpr std::size_t text_bytes_max = (std::size_t{1} << 26) - 1;

  JsonValue(const Node* node, const char* text) : node_(node), text_(text) {}
  bool is_container() const { return kind() >= Kind::array; }
  bool is_number() const { return kind() == Kind::integer || kind() == Kind::decimal; }
  double as_double() const;

  const Node* node_;
  const char* text_;  // the text that was parsed
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

    Iterator(const JsonValue::Node* node, const char* text) : node_(node), text_(text) {}
    Value operator*() const {
      if constexpr (is_member)
        return {node_->bytes(text_), JsonValue(node_ + node_->span(), text_)};
      else
        return JsonValue(node_, text_);
    }
    Iterator& operator++() {
      if constexpr (is_member) node_ += node_->span();
      node_ += node_->span();
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator& other) const { return node_ == other.node_; }

   private:
    static constexpr bool is_member = std::is_same_v<Value, JsonMember>;
    const JsonValue::Node* node_;
    const char* text_;
  };

  Iterator begin() const { return {begin_, text_}; }
  Iterator end() const { return {end_, text_}; }

 private:
  friend class JsonValue;
  JsonRange(const JsonValue::Node* begin, const JsonValue::Node* end, const char* text)
      : begin_(begin), end_(end), text_(text) {}
  const JsonValue::Node* begin_;
  const JsonValue::Node* end_;
  const char* text_;
};

inline JsonElements JsonValue::elements() const {
  return {node_ + 1, node_ + (kind() == Kind::array ? node_->first : 1), text_};
}

inline JsonMembers JsonValue::members() const {
  return {node_ + 1, node_ + (kind() == Kind::object ? node_->first : 1), text_};
}

// Inline, because every request looks for about forty members, most of which are absent.
inline std::optional<JsonValue> JsonValue::find(std::string_view name) const {
  if (!is_object()) return std::nullopt;
  const Node* const end = node_ + node_->first;
  for (const Node* member = node_ + 1; member != end;) {
    const Node* const value = member + member->span();
    if (member->size == name.size() && member->bytes(text_) == name) {
      if (value->kind == Kind::null) return std::nullopt;
      return JsonValue(value, text_);
    }
    member = value + value->span();
  }
  return std::nullopt;
}

// A parsed JSON text. Strings are valid UTF-8. If names in an object are equal, the last member is
// kept.
class JsonDocument {
 public:
  // Move-only: the values of a copy would point into the nodes of the original.
  JsonDocument(JsonDocument&&) = default;
  JsonDocument& operator=(JsonDocument&&) = default;

  // Parses all of `text`. Requires (a temporary string is rejected at compile time, nothing else is
  // checked): `text` outlives the document, because strings without escapes are views into it.
  // Errors: SerializationException for text that is no JSON, contains invalid UTF-8, nests deeper
  // than limits::json_depth_max or is longer than 64 MB.
  static Result<JsonDocument> parse(std::string_view text);
  template <class Text>
  requires std::same_as<Text, std::string>
  static Result<JsonDocument> parse(Text&& temporary) = delete;

  // Parses the JSON text at the beginning of `texts`, and removes it and the white space before it
  // from `texts`. Requirements and errors as for parse(); an empty `texts` is an error too.
  static Result<JsonDocument> parse_next(std::string_view& texts);

  JsonValue root() const { return {nodes_.data(), text_}; }

  // The memory that the document takes, beside the text that was parsed.
  std::size_t memory_bytes() const { return nodes_.size() * sizeof(JsonValue::Node); }

  // The bytes that were moved to remove members whose names are repeated: at most the memory of the
  // document, whatever its nesting.
  std::size_t moved_bytes() const { return moved_nodes_ * sizeof(JsonValue::Node); }

 private:
  class Builder;
  using Node = JsonValue::Node;

  // An array that grows by realloc(), which moves the pages of a large block instead of copying
  // them: a copy would take half as much memory again while it is made.
  class Nodes {
   public:
    Node* data() const { return nodes_.get(); }
    std::size_t size() const { return size_; }
    Node& operator[](std::size_t index) const { return nodes_.get()[index]; }
    // Appends `count` uninitialized nodes; returns the first. Invalidates pointers to nodes.
    Node* extend(std::size_t count) {
      if (size_ + count > capacity_) reserve(2 * (size_ + count));
      return data() + std::exchange(size_, size_ + count);
    }
    void reserve(std::size_t capacity);
    // Requires: `size` is at most size().
    void truncate(std::size_t size) { size_ = size; }

   private:
    struct Free {
      void operator()(Node* nodes) const { std::free(nodes); }
    };
    std::unique_ptr<Node, Free> nodes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
  };

  JsonDocument() = default;

  Nodes nodes_;
  const char* text_ = nullptr;
  std::size_t moved_nodes_ = 0;
};

// Whether append_json_escaped would change `text`.
bool needs_json_escape(std::string_view text);

// Appends `text` (UTF-8) escaped for the inside of a JSON string, without the quotes. Equal texts
// give equal bytes, so escaped names can be compared without decoding.
void append_json_escaped(std::string& out, std::string_view text);

// Appends `text` as a JSON string, with quotes.
void append_json_string(std::string& out, std::string_view text);

}  // namespace pageturner
