// The wire form of AttributeValue and Item: {"S":"text"}, {"N":"12"}, {"M":{…}}, …
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/json.h"
#include "protocol/limits.h"
#include "protocol/object_writer.h"

namespace pageturner {

// Returns the error for an item or value that is nested deeper than
// limits::nesting_levels_below_item_max.
Error nested_too_deep();

// Parses one value. Requires: the shape of an AttributeValue accepted `json` (see model/shape.h),
// that is, each known member has its JSON type and each blob is base64 (the base64 is not checked
// here). Errors: ValidationException for no or several data types, numbers, sets, {"NULL":false}
// and nesting beyond `levels_max` lists and maps. Source: recorded answers.
Result<AttributeValue> parse_attribute_value(
    JsonValue json, int levels_max = limits::nesting_levels_below_item_max);

// Appends the value of `json` in the form of append_attribute_value, without creating an
// AttributeValue. Returns the documented size of the value (see size_bytes). Requirements and
// errors as for parse_attribute_value; after an error the contents appended to `out` are
// unspecified.
Result<std::size_t> append_parsed_value(std::string& out, JsonValue json);

// Returns the documented size of the value of `json` (see size_bytes) and creates nothing.
// Requirements and errors as for parse_attribute_value.
Result<std::size_t> measure_attribute_value(JsonValue json, int levels_max);

// Returns how many levels of lists and maps are nested in the item `json`, valid or not: 0 for
// scalars. Requirements as for parse_item.
int nesting_levels_of_item(JsonValue json);

// Validates the name of an attribute in a request. Errors: ValidationException for an empty name
// and for one that is too long (ErrorDetail::attribute_name).
Result<void> check_attribute_name(std::string_view name);

// Parses a list of values, in its order. Returns the first `kept_max` of them, but validates all.
// Requirements and errors as for parse_attribute_value.
Result<std::vector<AttributeValue>> parse_attribute_values(
    JsonElements elements, std::size_t kept_max = static_cast<std::size_t>(-1));

// Parses an object of values as an Item. Requires: `json` is an object, or null, which has no
// attributes (shapes accept null in a list of keys). Otherwise requirements and errors as for
// parse_attribute_value.
Result<Item> parse_item(JsonValue json);

// As parse_item, for an object that must be a key: all attributes are validated, but only the first
// 32 are kept. No key has as many, so the key is refused whatever the others are, and an object of
// a million attributes takes no memory.
Result<Item> parse_key(JsonValue json);

// Appends `value` in canonical form: sets in ascending order, numbers as plain decimals.
void append_attribute_value(std::string& out, const AttributeValue& value);

// Appends `attributes`, a range of pairs of a name and a value, as a JSON object.
template <class Attributes>
void append_attributes(std::string& out, const Attributes& attributes) {
  ObjectWriter members(out);
  for (const auto& [name, value] : attributes) append_attribute_value(members.member(name), value);
}

// Appends `item` as a JSON object.
inline void append_item(std::string& out, const Item& item) { append_attributes(out, item); }

// Decodes `text`, padded base64. Returns an empty string if it is anything else.
std::string decode_base64(std::string_view text);

// Returns the value of a boolean member. The service accepts some strings, in any case, as
// booleans, and so does the shape that accepted `json`: "true" and "false", and in the members BOOL
// and NULL of an AttributeValue "yes", "no", "1" and "0". Source: observed 2013 to 2018.
bool json_boolean(JsonValue json);

}  // namespace pageturner
