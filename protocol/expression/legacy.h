// The parameters from before expressions: KeyConditions, QueryFilter, ScanFilter, Expected,
// ConditionalOperator, AttributeUpdates and AttributesToGet. They build the same tree as
// expressions do.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocol/expression/ast.h"
#include "protocol/expression/key_condition.h"
#include "protocol/expression/update.h"
#include "protocol/json.h"

namespace pageturner {

// All of these require JSON that the parameter's shape accepted (see model/shape.h). Errors are
// ValidationExceptions. Source: guide, "Legacy conditional parameters"; recorded answers.

// KeyConditions.
Result<std::vector<KeyCondition>> parse_key_conditions(JsonValue json);

// QueryFilter or ScanFilter. `conditional_operator` is "AND", "OR" or empty, which means AND.
// Nothing for a map without conditions.
Result<std::optional<ExpressionNode>> parse_filter(JsonValue json,
                                                   std::string_view conditional_operator);

// Expected, as above.
Result<std::optional<ExpressionNode>> parse_expected(JsonValue json,
                                                     std::string_view conditional_operator);

// AttributeUpdates: PUT, DELETE and ADD on whole attributes.
Result<Update> parse_attribute_updates(JsonValue json);

// AttributesToGet. Names are taken as they are, dots and all.
Result<std::vector<DocumentPath>> parse_attributes_to_get(JsonValue json);

// Refuses a ConditionalOperator without at least two conditions for it to join; `conditions` is the
// filter or Expected of the request.
Result<void> check_conditional_operator(std::optional<JsonValue> conditional_operator,
                                        std::optional<JsonValue> conditions);

}  // namespace pageturner
