// Parameters that several operations have: scalars, expressions, ReturnValues.
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
#include "protocol/limits.h"

namespace pageturner {

// Returns the string parameter `name`, or "" if it is absent. A view into the document of `body`.
std::string_view text_parameter(JsonValue body, std::string_view name);

// Returns the boolean parameter `name`, or `otherwise` if it is absent.
bool boolean_parameter(JsonValue body, std::string_view name, bool otherwise);

// Checks that a request does not have expressions together with legacy parameters. Both lists are
// in the order in which the message prints them. Errors: ValidationException "Can not use both
// expression and non-expression …".
Result<void> check_not_mixed(JsonValue body, std::initializer_list<std::string_view> legacy,
                             std::initializer_list<std::string_view> expressions);

// Checks that ExpressionAttributeNames is present only together with one of `expressions`, and
// ExpressionAttributeValues only with one of `expressions_with_values`. An operation without
// ExpressionAttributeValues passes an empty list. Errors: ValidationException.
Result<void> check_placeholders_have_expressions(
    JsonValue body, std::initializer_list<std::string_view> expressions,
    std::initializer_list<std::string_view> expressions_with_values);

// Reads ExpressionAttributeNames and ExpressionAttributeValues. Errors: ValidationException.
Result<Placeholders> parse_placeholders(JsonValue body,
                                        int levels_max = limits::nesting_levels_below_item_max);

// Reads ExpressionAttributeNames, for operations whose expressions take no values. Errors:
// ValidationException.
Result<Placeholders> parse_names(JsonValue body);

// Whether an operation has Expected, ConditionalOperator, AttributeUpdates and AttributesToGet. An
// operation without them ignores them like other unknown members.
enum class LegacyParameters { accepted, ignored };

// The update and the condition of a write; empty if the request has none.
struct WriteParameters {
  Update update;                            // UpdateExpression or AttributeUpdates
  bool is_legacy_update = false;            // from AttributeUpdates
  std::optional<ExpressionNode> condition;  // ConditionExpression or Expected
  std::size_t values_size_bytes = 0;        // of ExpressionAttributeValues
};

// Reads the update (if `has_update`) and the condition of a request, and checks that all
// placeholders are used. Without legacy parameters it is an action of a transaction, whose values
// may be nested one level deeper. Errors: ValidationException.
Result<WriteParameters> parse_write_parameters(JsonValue body, bool has_update,
                                               LegacyParameters legacy);

// Reads ProjectionExpression or AttributesToGet; returns nothing if both are absent. Marks the used
// placeholders but does not check that all are used. The document of `body` must outlive the
// result. Errors: ValidationException.
Result<std::optional<ProjectedPaths>> parse_projection_parameter(
    JsonValue body, Placeholders& placeholders,
    LegacyParameters legacy = LegacyParameters::accepted);

// Checks that ReturnValues is NONE or ALL_OLD, which PutItem and DeleteItem require. Errors:
// ValidationException.
Result<void> check_return_values(JsonValue body);

// Returns the attributes of the parameter "Key", see parse_key. Requires: it is present. Errors:
// ValidationException for invalid values.
Result<Item> parse_key_parameter(JsonValue body);

}  // namespace pageturner
