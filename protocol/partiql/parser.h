// Parses PartiQL statements, by recursive descent with bounded depth.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/partiql/statement.h"

namespace pageturner::partiql {

// Parses one statement. Replaces its question marks, in order, with `parameters`; extra parameters
// are ignored. Checks all that does not depend on the table. Errors: ValidationException, the first
// of: a statement that does not parse ("Statement wasn't well formed, …"); what is not supported or
// not allowed, in the order of the text; operands that do not fit their operators and functions.
// COUNT(*) from an index is not an error here, see Statement::count_error.
// Source: guide, "PartiQL statements for DynamoDB"; recorded answers.
Result<Statement> parse_statement(std::string_view text, std::vector<SharedValue> parameters);

}  // namespace pageturner::partiql
