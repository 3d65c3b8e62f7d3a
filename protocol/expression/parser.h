// Parses expression texts into trees, by recursive descent with bounded depth.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/expression/update.h"

namespace pageturner {

// Parses the text of a condition: ConditionExpression, FilterExpression and KeyConditionExpression
// have the same grammar. Placeholders stay in the tree.
// Errors: ValidationException without the prefix "Invalid …Expression: " (see compile.h), for the
// first of: an empty text, syntax errors with their token, redundant parentheses, too many
// operators, then the errors of word_checks.h. Source: guide, "Comparison operator and function
// reference"; recorded answers.
Result<ExpressionNode> parse_condition(std::string_view text);

// Parses a ProjectionExpression: document paths separated by commas. Errors: as parse_condition.
Result<std::vector<DocumentPath>> parse_projection(std::string_view text);

// Parses an UpdateExpression: SET, REMOVE, ADD and DELETE, each at most once. Errors: as
// parse_condition, then for a repeated section. Source: guide, "Update expressions"; recorded
// answers.
Result<Update> parse_update(std::string_view text);

}  // namespace pageturner
