// What the operations on items have in common in their parameters.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/expression/ast.h"
#include "protocol/expression/projection.h"
#include "protocol/expression/resolve.h"
#include "protocol/json.h"

namespace ddb {

// The string parameter `name`, or "".
std::string_view text_parameter(JsonValue body, std::string_view name);

// The boolean parameter `name`, or `otherwise`.
bool truth_parameter(JsonValue body, std::string_view name, bool otherwise);

// Refuses expressions beside the older parameters. Both lists stand in the order in which the
// message shows them. Errors: ValidationException "Can not use both expression and non-expression
// …".
Result<void> check_not_mixed(JsonValue body, std::initializer_list<std::string_view> older,
                             std::initializer_list<std::string_view> expressions);

// Refuses ExpressionAttributeNames without one of `expressions` and ExpressionAttributeValues
// without one of those that take values; an operation that has none of the latter passes none.
Result<void> check_placeholders_wanted(
    JsonValue body, std::initializer_list<std::string_view> expressions,
    std::initializer_list<std::string_view> expressions_with_values);

// ExpressionAttributeNames and ExpressionAttributeValues.
Result<Placeholders> parse_placeholders(JsonValue body);

// ExpressionAttributeNames alone, for operations whose expressions take no values.
Result<Placeholders> parse_names(JsonValue body);

// ConditionExpression or Expected with ConditionalOperator: the condition of a write. Nothing where
// the request has none. Holds mixing, placeholders and unused ones to the rules too.
Result<std::optional<ExpressionNode>> parse_write_condition(JsonValue body);

// What an UpdateItem says: an UpdateExpression or AttributeUpdates, and its condition.
struct UpdateParameters {
  Update update;
  bool is_older = false;  // from AttributeUpdates
  std::optional<ExpressionNode> condition;
};
Result<UpdateParameters> parse_update_parameters(JsonValue body);

// ProjectionExpression or AttributesToGet; nothing where neither is there. Uses `placeholders` up,
// but does not look for unused ones.
Result<std::optional<std::vector<DocumentPath>>> parse_projection_parameter(
    JsonValue body, Placeholders& placeholders);

// Refuses ReturnValues other than NONE and ALL_OLD, as PutItem and DeleteItem do.
Result<void> check_return_values(JsonValue body);

// The AttributeValues of the object parameter `name`, which the shape requires.
Result<Item> parse_item_parameter(JsonValue body, std::string_view name);

}  // namespace ddb
