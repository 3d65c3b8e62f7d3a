// What the fuzz targets share. A target is one file that defines fuzz_one; libFuzzer makes the
// inputs, and a sanitizer or require() ends the process on a find.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/expression/compile.h"

namespace pageturner {

// What a target does with one input. Each target defines it.
void fuzz_one(std::string_view input);

// Ends the process with `what`, a property that the target checks, unless it holds.
void require(bool holds, std::string_view what);

// Refuses a failure that does not say what it is about.
inline void require_message(const Error& error) {
  require(!error.message.empty(), "an error has a message");
}

// The parts of `text` between its separators: one more than there are separators.
std::vector<std::string_view> split(std::string_view text, char separator);

// The item in wire form. Requires JSON that is one.
Item item_of(std::string_view json);
// The wire form of `item`.
std::string wire_of(const Item& item);

// What `changes` make of `item`, by way of the stored form.
Item changed(const Item& item, const AttributeChanges& changes);

// The names and values that every expression target gives its expressions: #n, #m, #dots, #quote
// and a value or more of each type.
Placeholders fixed_placeholders();
// An item with something for every name above to find.
const Item& fixed_item();

}  // namespace pageturner
