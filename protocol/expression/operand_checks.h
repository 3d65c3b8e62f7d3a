// Checks of the number and the types of the operands of functions and operators.
#pragma once

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/expression/update.h"

namespace pageturner {

// Checks the operands of the function or operator `node`, whose names and values are resolved; does
// not look below them. Errors: ValidationException without the prefix "Invalid …Expression: ".
// Source: recorded answers.
Result<void> check_operands(const ExpressionNode& node);

// Checks the type of the value of ADD (numbers and sets) and DELETE (sets). Accepts SET and REMOVE.
// Errors: as above.
Result<void> check_action_value(const UpdateAction& action);

}  // namespace pageturner
