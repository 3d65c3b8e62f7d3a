// The service's model of its requests, and what it says of a request that does not fit it. One
// table (shapes.cpp) is the only place where the types, required members and constraints of
// parameters stand; every operation's input is held against it before the operation sees it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/json.h"

namespace pageturner {

struct Shape;

// What the characters of a string may be: as messages show it, and as it is meant.
struct TextPattern {
  std::string_view text;
  bool (*matches)(std::string_view text);
};

// Letters, digits and _ . - only: the pattern of all names.
extern const TextPattern name_pattern;

struct ShapeMember {
  std::string_view name;
  const Shape* shape;
  bool required = false;
};

// The type of a parameter and its constraints, as the published model of the service has them.
struct Shape {
  enum class Kind { string, integer, long_integer, timestamp, boolean, blob, list, map, structure };

  Kind kind;
  // Nothing in it has a constraint. So it is with attribute values, the bulk of most requests:
  // passing them by saves a quarter of what a PutItem takes.
  bool is_unconstrained = false;
  std::string_view name = {};  // of a structure, as messages show it
  // Length of a string, elements of a list, members of a map, or value of a number.
  std::optional<std::int64_t> min = {};
  std::optional<std::int64_t> max = {};
  const TextPattern* pattern = nullptr;  // of a string; nullptr: any
  // Strings: the ARN of a table counts as the name in it.
  bool is_table_name = false;
  std::vector<std::string_view> enum_values = {};  // in the order in which messages list them
  const Shape* key = nullptr;                      // of a map, with a pattern; nullptr: any string
  const Shape* element = nullptr;                  // of a list; of a map the value
  std::vector<ShapeMember> members = {};           // in the order in which violations are listed
};

// Holds the JSON types of `json` against `shape`. The first member, in the order of the text, that
// has a wrong type fails with SerializationException. Members the shape does not know pass, null
// counts as absent. Source: recorded answers.
Result<void> check_types(JsonValue json, const Shape& shape);

// Holds `json`, which check_types accepted, against the constraints of `shape`. All violations, ten
// at the most, make one ValidationException: "2 validation errors detected: Value '…' at '…' failed
// to satisfy constraint: Member must …; …". Source: recorded answers.
Result<void> check_constraints(JsonValue json, const Shape& shape);

// The name of a table given by name or by ARN ("arn:aws:dynamodb:<region>:<account>:table/<name>").
std::string_view table_name_of(std::string_view name_or_arn);

}  // namespace pageturner
