// JSON for the rest of the project. json.cpp is the only file that knows the JSON library.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.h"

namespace ddb {

struct JsonMember;

// A value inside a JsonDocument: a pointer, cheap to copy, valid as long as the document lives.
class JsonValue {
 public:
  enum class Kind { null, boolean, integer, decimal, string, array, object };

  Kind kind() const;
  bool is_null() const { return kind() == Kind::null; }
  bool is_object() const { return kind() == Kind::object; }

  // Each of these gives the empty value of its type for any kind but the one it names.
  bool as_boolean() const;
  std::string_view as_string() const;  // unescaped UTF-8

  // Of an integer or a decimal. A decimal loses its fraction; what does not fit an int64 is clamped
  // to its ends.
  std::int64_t as_integer() const;

  // A number of seconds in milliseconds, rounded; clamped to what 64 bits hold.
  std::int64_t as_milliseconds() const;

  // The elements of an array or the members of an object; 0 for every other kind.
  std::size_t size() const;
  // Requires an array and index < size().
  JsonValue element(std::size_t index) const;
  // Requires an object and index < size(). Members come in the order of the text.
  JsonMember member(std::size_t index) const;

  // The member `name` of an object. A member that is null counts as absent, as the service counts
  // it. Nothing for every other kind.
  std::optional<JsonValue> find(std::string_view name) const;

  // This value as compact JSON text, appended to `out`.
  void write(std::string& out) const;

  // The same with the members of objects in the order of their names and without those that are
  // null: equal for requests that say the same.
  void write_canonical(std::string& out) const;

 private:
  friend class JsonDocument;
  explicit JsonValue(const void* node) : node_(node) {}
  const void* node_;
};

struct JsonMember {
  std::string_view name;
  JsonValue value;
};

// A parsed JSON text. Strings are valid UTF-8; of members with equal names the last one counts.
class JsonDocument {
 public:
  // Parses all of `text`. Fails with SerializationException where it is no JSON, holds invalid
  // UTF-8 or nests deeper than limits::json_depth_max.
  static Result<JsonDocument> parse(std::string_view text);

  // Parses the one JSON text that `texts` begins with, and takes it and the white space before it
  // off. Fails as above, and where there is none.
  static Result<JsonDocument> parse_next(std::string_view& texts);

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  JsonValue root() const;

 private:
  struct Tree;
  explicit JsonDocument(std::unique_ptr<Tree> tree);
  std::unique_ptr<Tree> tree_;
};

// Whether append_json_escaped writes `text` otherwise than it is.
bool needs_json_escape(std::string_view text);

// Appends `text` (UTF-8) as the inside of a JSON string: escaped, without the quotes. Equal texts
// give equal bytes, so escaped names can be compared as they are.
void append_json_escaped(std::string& out, std::string_view text);

// Appends `text` as a JSON string, quotes included.
void append_json_string(std::string& out, std::string_view text);

}  // namespace ddb
