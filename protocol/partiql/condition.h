// Paths, operands and conditions of a PartiQL statement, as the tree that expressions build.
#pragma once

#include <string_view>

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/partiql/reader.h"

namespace pageturner::partiql {

// Reads a path: a name, then .name, [index] and ['name']. Errors: not_well_formed(`complaint`)
// where no name starts it. An index out of range is deferred.
Result<DocumentPath> parse_path(Reader& reader, std::string_view complaint);

// Which functions an operand may call.
enum class FunctionPlace {
  condition,  // begins_with, contains, size, attribute_type, attribute_exists and _not_exists
  update,     // list_append
  nowhere,    // whoever reads it has refused it already
};

// Reads a value, a path, a call, something in parentheses, or sums and differences of those.
Result<ExpressionNode> parse_operand(Reader& reader, FunctionPlace place);

// Reads what stands behind WHERE. Conditions are operands too: a BOOL, as in `size(a) = 1 = true`.
// Errors: not_well_formed for what does not parse; what is no condition is deferred, unknown
// functions too. Source: guide, "PartiQL operators", "PartiQL functions"; recorded answers.
Result<ExpressionNode> parse_condition(Reader& reader);

// Reads the arguments of a call behind its opening parenthesis, that included.
Result<std::vector<ExpressionNode>> parse_arguments(Reader& reader, FunctionPlace place);

// Holds the operators and functions of a parsed condition or operand to their operands. Source:
// recorded answers: the same texts as for expressions, but without the name of a parameter.
Result<void> check_meaning(const ExpressionNode& node);

}  // namespace pageturner::partiql
