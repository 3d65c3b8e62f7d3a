// Parses the literals of PartiQL statements.
#pragma once

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/partiql/reader.h"

namespace pageturner::partiql {

// Returns whether a literal starts at the next token: 'text', a number, true, false, null, [ ], { }
// or << >>. A sign starts a literal only if a number follows it, possibly after more signs.
bool at_literal(const Reader& reader);

// Parses a literal. Requires: at_literal(). Errors: not_well_formed(); ValidationException for more
// levels of nesting than an item can have. Deferred: numbers out of range, invalid sets, a
// parameter inside a list. Source: guide, "PartiQL data types for DynamoDB"; recorded answers.
Result<AttributeValue> parse_literal(Reader& reader);

// Parses { … } as the item of an INSERT. Its members can be parameters. Requires: at_literal().
// Errors and deferred errors as for parse_literal; a missing parameter is deferred too (see
// Reader::defer).
Result<Item> parse_item_literal(Reader& reader);

}  // namespace pageturner::partiql
