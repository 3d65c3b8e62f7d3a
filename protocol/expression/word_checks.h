// Checks of the words in a parsed expression: function names and attribute names.
#pragma once

#include <vector>

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/expression/update.h"

namespace pageturner {

// These refuse, in the order of the text: unknown functions, functions in a position where they are
// not allowed, paths of more than 32 elements, and reserved words as attribute names. Placeholders
// are not yet resolved. Errors: ValidationException without the prefix "Invalid …Expression: ".
// Source: guide, "Comparison operator and function reference", "Reserved words in DynamoDB";
// recorded answers.
Result<void> check_condition_words(const ExpressionNode& condition);
Result<void> check_update_words(const Update& update);
Result<void> check_projection_words(const std::vector<DocumentPath>& paths);

}  // namespace pageturner
