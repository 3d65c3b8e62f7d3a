// AttributeValue and Item in their wire form: {"S":"text"}, {"N":"12"}, {"M":{…}}, …
#pragma once

#include <string>
#include <string_view>

#include "protocol/attribute_value.h"
#include "protocol/json.h"

namespace pageturner {

// What an item or value that nests deeper than limits::nesting_levels_below_item_max is refused
// with.
Error nested_too_deep();

// Reads one value. Requires JSON that the shape of an AttributeValue accepted (see model/shape.h):
// each known member has its JSON type and each blob is base64.
// Errors: ValidationException for no or several data types, numbers, sets, {"NULL":false} and
// nesting beyond limits::nesting_levels_below_item_max. Source: recorded answers.
Result<AttributeValue> parse_attribute_value(JsonValue json);

// Appends the value that `json` states, in the form of append_attribute_value, without an
// AttributeValue between. Gives its documented size (see size_bytes). Requires and fails as above;
// after a failure anything may be appended.
Result<std::size_t> append_parsed_value(std::string& out, JsonValue json);

// Refuses the names that no attribute of a request may have, with ValidationException.
Result<void> check_attribute_name(std::string_view name);

// Reads an object of values as an Item. Requires and fails as above.
Result<Item> parse_item(JsonValue json);

// Appends `value` in canonical form: members of sets in their order, numbers in plain decimals.
void append_attribute_value(std::string& out, const AttributeValue& value);

// Appends `attributes`, pairs of a name and a value in any container, as an object.
template <class Attributes>
void append_attributes(std::string& out, const Attributes& attributes) {
  out += '{';
  for (const auto& [name, value] : attributes) {
    if (out.back() != '{') out += ',';
    append_json_string(out, name);
    out += ':';
    append_attribute_value(out, value);
  }
  out += '}';
}

// Appends `item` as an object.
inline void append_item(std::string& out, const Item& item) { append_attributes(out, item); }

// The bytes of `text`, base64 with its padding; of anything else nothing.
std::string decode_base64(std::string_view text);

// The value of a boolean member. The service takes the strings "true" and "false", in any case, for
// booleans, and so does the shape that accepted `json`.
bool json_boolean(JsonValue json);

}  // namespace pageturner
