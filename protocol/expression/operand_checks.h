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

// Checks the values of all ADD (numbers and sets) and DELETE (sets), then the operands in the
// values of all SET. Errors: as above.
Result<void> check_update_operands(const Update& update);

}  // namespace pageturner
