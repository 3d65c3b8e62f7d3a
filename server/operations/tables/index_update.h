// GlobalSecondaryIndexUpdates of UpdateTable.
#pragma once

#include "server/operations/tables/table_change.h"

namespace pageturner {

// Checks that each entry has exactly one action and that no two entries name the same index.
// Errors: ValidationException.
Result<void> check_index_updates(JsonValue body);

// Returns the names of the indexes for which `body` has a ProvisionedThroughput, as views into the
// document of `body`.
std::vector<std::string_view> indexes_with_throughput(JsonValue body);

// Applies the entries to `table`. Requires: its billing mode is already that after the request.
// `region` is for messages. Errors: ValidationException, LimitExceededException,
// ResourceNotFoundException.
Result<void> update_indexes(TableDescription& table, JsonValue body, const ChangeTime& time,
                            std::string_view region);

}  // namespace pageturner
