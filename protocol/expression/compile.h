// Expression parameters of a request: parsed, resolved and checked as far as possible without the
// table.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/expression/placeholders.h"
#include "protocol/expression/update.h"

namespace pageturner {

// The parameters that hold an expression.
enum class ExpressionParameter { condition, filter, key_condition, projection, update };

// Returns the name of `parameter` in requests: "ConditionExpression".
std::string_view parameter_name(ExpressionParameter parameter);

// Parses and resolves `text`, the value of `parameter`. Marks the placeholders it uses. Parsed
// texts are cached for each thread. Errors: ValidationException with the prefix "Invalid
// <parameter>: ", for the first of: a text that is too long, the errors of parse_condition(), those
// of Placeholders::resolve().
Result<ExpressionNode> compile_condition(ExpressionParameter parameter, std::string_view text,
                                         Placeholders& placeholders);

// The same for an UpdateExpression. Errors, in this order: those of parse_update(), undefined names
// and values, paths that overlap or conflict, those of check_update_operands(). Source: recorded
// answers.
Result<Update> compile_update(std::string_view text, Placeholders& placeholders);

// The same for a ProjectionExpression. Errors: also for paths that overlap or conflict.
Result<std::vector<DocumentPath>> compile_projection(std::string_view text,
                                                     Placeholders& placeholders);

}  // namespace pageturner
