// AttributeValue and Item in their wire form: {"S":"text"}, {"N":"12"}, {"M":{…}}, …
#pragma once

#include <absl/functional/function_ref.h>

#include <string>
#include <string_view>

#include "protocol/attribute_value.h"
#include "protocol/json.h"

namespace ddb {

// What an item or value that nests deeper than limits::nesting_levels_below_item_max is refused
// with.
Error nested_too_deep();

// Reads one value. Requires JSON that the shape of an AttributeValue accepted (see model/shape.h):
// each known member has its JSON type and each blob is base64.
// Errors: ValidationException for no or several data types, numbers, sets, {"NULL":false} and
// nesting beyond limits::nesting_levels_below_item_max. Source: recorded answers.
Result<AttributeValue> parse_attribute_value(JsonValue json);

// Reads an object of values, an item or a key, and calls `visit` with each name and value in the
// order of the text. Requires and fails as above; after a failure nothing more is visited.
using AttributeVisitor = absl::FunctionRef<void(std::string_view name, AttributeValue&& value)>;
Result<void> visit_attributes(JsonValue json, AttributeVisitor visit);

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
bool json_truth(JsonValue json);

}  // namespace ddb
