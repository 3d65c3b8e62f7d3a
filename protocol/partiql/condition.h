// Parses paths, operands and conditions of PartiQL statements into the tree of expressions.
#pragma once

#include <string_view>

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/partiql/reader.h"

namespace pageturner::partiql {

// Parses a path: a name, then .name, [index] and ['name']. Errors: not_well_formed(`complaint`) if
// it does not start with a name. An index out of range is deferred.
Result<DocumentPath> parse_path(Reader& reader, std::string_view complaint);

// The functions that an operand may call.
enum class FunctionPlace {
  condition,  // begins_with, contains, size, attribute_type, attribute_exists and _not_exists
  update,     // list_append
  nowhere,    // the caller has already deferred an error for the operand
};

// Parses a value, a path, a call, a condition in parentheses, or sums and differences of those.
Result<ExpressionNode> parse_operand(Reader& reader, FunctionPlace place);

// Parses the condition after WHERE. A condition can be an operand of type BOOL, as in
// `size(a) = 1 = true`. Errors: not_well_formed(). Unknown functions and operands where a condition
// must be are deferred. Source: guide, "PartiQL operators", "PartiQL functions"; recorded answers.
Result<ExpressionNode> parse_condition(Reader& reader);

// Parses the arguments of a call, with both parentheses.
Result<std::vector<ExpressionNode>> parse_arguments(Reader& reader, FunctionPlace place);

// Checks the operands of all operators and functions in a parsed condition or operand. Errors: as
// check_operands(). Source: recorded answers; the texts are those of expressions without the name
// of a parameter.
Result<void> check_meaning(const ExpressionNode& node);

}  // namespace pageturner::partiql
