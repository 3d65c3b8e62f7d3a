// The legacy parameters, which expressions replaced: KeyConditions, QueryFilter, ScanFilter,
// Expected, ConditionalOperator, AttributeUpdates and AttributesToGet. They become the same tree as
// expressions.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocol/expression/ast.h"
#include "protocol/expression/key_condition.h"
#include "protocol/expression/update.h"
#include "protocol/json.h"

namespace pageturner {

// All functions require JSON that the shape of the parameter accepted (see model/shape.h). All
// errors are ValidationExceptions; the names of attributes get those of check_attribute_name().
// Source: guide, "Legacy conditional parameters"; recorded
// answers.

// Parses KeyConditions.
Result<std::vector<KeyCondition>> parse_key_conditions(JsonValue json);

// Parses QueryFilter or ScanFilter. `conditional_operator` is "AND", "OR" or empty, which means
// AND. Returns nullopt for an empty map.
Result<std::optional<ExpressionNode>> parse_filter(JsonValue json,
                                                   std::string_view conditional_operator);

// Parses Expected. Otherwise as parse_filter.
Result<std::optional<ExpressionNode>> parse_expected(JsonValue json,
                                                     std::string_view conditional_operator);

// Parses AttributeUpdates: PUT, DELETE and ADD on top-level attributes.
Result<Update> parse_attribute_updates(JsonValue json);

// Parses AttributesToGet. Each element is a top-level name; dots have no meaning. Returns distinct
// names in the order of the request, as views into the document of `json`.
Result<std::vector<std::string_view>> parse_attributes_to_get(JsonValue json);

// Errors: for a ConditionalOperator without at least two conditions. `conditions` is the filter or
// Expected of the request.
Result<void> check_conditional_operator(std::optional<JsonValue> conditional_operator,
                                        std::optional<JsonValue> conditions);

}  // namespace pageturner
