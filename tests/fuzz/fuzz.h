// Shared code of the fuzz targets. A target is one file that defines fuzz_one. libFuzzer generates
// the inputs; a sanitizer or require() aborts the process on an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/expression/compile.h"

namespace pageturner {

// Checks one input. Each target defines it.
void fuzz_one(std::string_view input);

// Aborts the process with the message `what`, the checked property, unless `holds`.
void require(bool holds, std::string_view what);

// Requires that an error has a message.
inline void require_message(const Error& error) {
  require(!error.message.empty(), "an error has a message");
}

// Splits `text` at each separator; returns one part more than there are separators.
std::vector<std::string_view> split(std::string_view text, char separator);

// Parses an item in wire form. Requires: `json` is a valid item.
Item item_of(std::string_view json);
// Returns the wire form of `item`.
std::string wire_of(const Item& item);

// Returns `item` after `changes`, computed on the stored form.
Item changed(const Item& item, const AttributeChanges& changes);

// The placeholders of every expression target: the names #n, #m, #dots and #quote, and at least one
// value of each type.
Placeholders fixed_placeholders();
// An item that has an attribute for each of these names.
const Item& fixed_item();

}  // namespace pageturner
