// PartiQL text to what it says, by recursive descent with bounded depth.
#pragma once

#include <span>
#include <string_view>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/partiql/statement.h"

namespace pageturner::partiql {

// Reads one statement and puts `parameters` in the places of its question marks, in order; those
// that are left over are not looked at. Says all that can be said without the table.
// Errors: ValidationException; first what does not parse ("Statement wasn't well formed, …"), then
// in the order of the text what has no meaning, at last operators and functions that do not fit
// their operands. Source: guide, "PartiQL statements for DynamoDB"; recorded answers.
Result<Statement> parse_statement(std::string_view text,
                                  std::span<const AttributeValue> parameters);

}  // namespace pageturner::partiql
