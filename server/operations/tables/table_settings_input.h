// The settings of tables and indexes that CreateTable and UpdateTable both take.
#pragma once

#include <optional>
#include <string>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// ProvisionedThroughput, which the shape has held to at least 1. Errors: ValidationException "Given
// value … is out of bounds".
Result<ProvisionedThroughput> parse_throughput(JsonValue json);

// OnDemandThroughput of the table or index `json`, or nothing. -1 stands for no maximum. `owner` is
// how messages call it: "table", "index : NAME". Errors: ValidationException.
Result<std::optional<OnDemandThroughput>> parse_on_demand(JsonValue json, BillingMode billing_mode,
                                                          const std::string& owner);

// WarmThroughput of the table or index `json`, or nothing. What it does not say is 0.
std::optional<WarmThroughput> parse_warm(JsonValue json);

// Projection of the index `json`. Errors: ValidationException.
Result<IndexProjection> parse_projection(JsonValue index);

// SSESpecification, where it is there, into `table`. Errors: ValidationException.
Result<void> parse_sse(JsonValue body, TableDescription& table);

// The same of the specification itself, whatever it is called.
Result<void> parse_sse_specification(JsonValue json, TableDescription& table);

// TableClass, where it is there, into `table`. Errors: ValidationException.
Result<void> parse_table_class(JsonValue body, TableDescription& table);

}  // namespace pageturner
