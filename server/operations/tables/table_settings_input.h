// Settings of tables and indexes in CreateTable and UpdateTable requests.
#pragma once

#include <optional>
#include <string>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// Reads ProvisionedThroughput. Requires: the shape accepted it, so units are at least 1. Errors:
// ValidationException "Given value … is out of bounds".
Result<ProvisionedThroughput> parse_throughput(JsonValue json);

// Reads OnDemandThroughput of the table or index `json`; returns nothing if it is absent or empty.
// -1 means no maximum. `owner` is for messages: "table", "index : NAME". Errors:
// ValidationException.
Result<std::optional<OnDemandThroughput>> parse_on_demand(JsonValue json, BillingMode billing_mode,
                                                          const std::string& owner);

// Reads WarmThroughput of the table or index `json`; returns nothing if it is absent. Absent
// members are 0.
std::optional<WarmThroughput> parse_warm(JsonValue json);

// Reads Projection of the index `index`. Requires: it is present. Errors: ValidationException.
Result<IndexProjection> parse_projection(JsonValue index);

// Reads SSESpecification, if present, into `table`. Errors: ValidationException.
Result<void> parse_sse(JsonValue body, TableDescription& table);

// Reads the value `json` of SSESpecification or SSESpecificationOverride into `table`. Errors:
// ValidationException.
Result<void> parse_sse_specification(JsonValue json, TableDescription& table);

// Reads TableClass, if present, into `table`. Errors: ValidationException.
Result<void> parse_table_class(JsonValue body, TableDescription& table);

}  // namespace pageturner
