// The literals of a PartiQL statement.
#pragma once

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/partiql/reader.h"

namespace pageturner::partiql {

// Whether a literal starts at the next token: 'text', a number, true, false, null, [ ], { } or
// << >>. A sign belongs to a literal only where a number follows, perhaps behind more signs.
bool at_literal(const Reader& reader);

// Reads the literal that at_literal saw. Errors: not_well_formed for what does not parse;
// ValidationException for one that nests deeper than an item can. What else a value cannot be
// (numbers out of range, sets that are none, a parameter inside a list) is deferred. Source: guide,
// "PartiQL data types for DynamoDB"; recorded answers.
Result<AttributeValue> parse_literal(Reader& reader);

// Reads { … } as the item of an INSERT: its members are values of their own, parameters included.
Result<Item> parse_item_literal(Reader& reader);

}  // namespace pageturner::partiql
