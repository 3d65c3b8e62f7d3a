// What the operations on items have in common in their parameters.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/expression/ast.h"
#include "protocol/expression/compile.h"
#include "protocol/expression/projection.h"
#include "protocol/json.h"

namespace pageturner {

// The string parameter `name`, or "".
std::string_view text_parameter(JsonValue body, std::string_view name);

// The boolean parameter `name`, or `otherwise`.
bool boolean_parameter(JsonValue body, std::string_view name, bool otherwise);

// Refuses expressions beside the older parameters. Both lists stand in the order in which the
// message shows them. Errors: ValidationException "Can not use both expression and non-expression
// …".
Result<void> check_not_mixed(JsonValue body, std::initializer_list<std::string_view> legacy,
                             std::initializer_list<std::string_view> expressions);

// Refuses ExpressionAttributeNames without one of `expressions` and ExpressionAttributeValues
// without one of those that take values; an operation that has none of the latter passes none.
Result<void> check_placeholders_have_expressions(
    JsonValue body, std::initializer_list<std::string_view> expressions,
    std::initializer_list<std::string_view> expressions_with_values);

// ExpressionAttributeNames and ExpressionAttributeValues.
Result<Placeholders> parse_placeholders(JsonValue body);

// ExpressionAttributeNames alone, for operations whose expressions take no values.
Result<Placeholders> parse_names(JsonValue body);

// Whether an operation has Expected, ConditionalOperator and AttributeUpdates. Where it has not,
// they are unknown members, which nobody looks at.
enum class LegacyParameters { accepted, ignored };

// What a write says: its update and its condition. Nothing where the request has none.
struct WriteParameters {
  Update update;                            // UpdateExpression or AttributeUpdates
  bool is_legacy_update = false;            // from AttributeUpdates
  std::optional<ExpressionNode> condition;  // ConditionExpression or Expected
  std::size_t values_size_bytes = 0;        // of ExpressionAttributeValues
};

// Holds the placeholders to the rules too, unused ones included.
Result<WriteParameters> parse_write_parameters(JsonValue body, bool has_update,
                                               LegacyParameters legacy);

// ProjectionExpression or AttributesToGet; nothing where neither is there. Uses `placeholders` up,
// but does not look for unused ones.
Result<std::optional<std::vector<DocumentPath>>> parse_projection_parameter(
    JsonValue body, Placeholders& placeholders,
    LegacyParameters legacy = LegacyParameters::accepted);

// Refuses ReturnValues other than NONE and ALL_OLD, as PutItem and DeleteItem do.
Result<void> check_return_values(JsonValue body);

// The AttributeValues of the object parameter `name`, which the shape requires.
Result<Item> parse_item_parameter(JsonValue body, std::string_view name);

}  // namespace pageturner
