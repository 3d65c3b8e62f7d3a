// The service's model of its requests. A table of shapes (shapes.h) is the only place that states
// the types, required members and constraints of parameters. Every operation's input is validated
// against it before the operation runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "protocol/json.h"
#include "protocol/validator.h"

namespace pageturner {

struct Shape;

// The characters a string may contain: as messages print them, and as a test.
struct TextPattern {
  std::string_view text;
  bool (*matches)(std::string_view text);
};

struct ShapeMember {
  std::string_view name;
  const Shape* shape;  // nullptr: messages print the member as null; requests do not have it
  bool required = false;
  // The current validators check the member first, and report its violation alone.
  bool current_reports_alone = false;
};

// The type of a parameter and its constraints, as the published model of the service has them.
// Shapes are constants with static storage; they refer to each other by pointer.
struct Shape {
  enum class Kind {
    string,
    integer,
    long_integer,
    timestamp,
    boolean,
    blob,
    list,
    map,
    structure,
    unsupported,  // a parameter of the service that this emulator does not have
  };

  Kind kind;
  // Nothing in it has a constraint. This holds for attribute values, the bulk of most requests:
  // skipping them saves a quarter of the instructions of a PutItem.
  bool is_unconstrained = false;
  std::string_view name = {};  // of a structure, as messages print it
  // Length of a string, elements of a list, members of a map, or value of a number.
  std::optional<std::int64_t> min = {};
  std::optional<std::int64_t> max = {};
  const TextPattern* pattern = nullptr;  // of a string; nullptr: any
  // Of a boolean: the strings "yes", "no", "1" and "0" are accepted, as "true" and "false" always.
  bool accepts_words = false;
  // Of a string: returns the part that the constraints apply to; nullptr: all of it.
  std::string_view (*constrained_part)(std::string_view text) = nullptr;
  std::vector<std::string_view> enum_values = {};  // in the order in which messages list them
  // The values as the current validators list them, in the form "Failed to satisfy constraint: …"
  // without name and value; empty: as the legacy validator does.
  std::vector<std::string_view> current_enum_values = {};
  // The current validators report a violation of `min` and `max` as "Value at 'TableName' …",
  // without the value.
  bool current_omits_value = false;
  // Violations of the keys of a map are reported only if there are no others.
  bool reports_keys_last = false;
  const Shape* key = nullptr;             // of a map, with a pattern; nullptr: any string
  const Shape* element = nullptr;         // of a list; of a map the value
  std::vector<ShapeMember> members = {};  // in the order in which violations are listed
};

// Validates the JSON types of `json` against `shape`. Members unknown to the shape are accepted;
// null counts as absent. Errors: SerializationException for the first member, in the order of the
// text, that has a wrong type or is invalid base64. Source: recorded answers. A parameter of kind
// `unsupported` gets a ValidationException of our own unless it is null, {} or [].
Result<void> check_types(JsonValue json, const Shape& shape);

// Validates `json` against the constraints of `shape`. Requires: check_types accepted it. Errors:
// one ValidationException for all violations, of which it lists at most ten: "2 validation errors
// detected: Value '…' at '…' failed to satisfy constraint: Member must …; …", in the words of
// `validator`. The current validators leave a request to the legacy one if it lacks a required
// member or has a name that is too long or contains other characters. Source: recorded answers.
Result<void> check_constraints(JsonValue json, const Shape& shape,
                               Validator validator = Validator::legacy);

// Returns whether check_constraints() accepts `json`, without the texts of its error, which may be
// several times as long as the request. Requires: check_types accepted it.
bool meets_constraints(JsonValue json, const Shape& shape);

}  // namespace pageturner
