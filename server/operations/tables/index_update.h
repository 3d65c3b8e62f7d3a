// GlobalSecondaryIndexUpdates of an UpdateTable.
#pragma once

#include "server/operations/tables/table_change.h"

namespace pageturner {

// Refuses entries that are no action or two, and two for one index. Errors: ValidationException.
Result<void> check_index_updates(JsonValue body);

// The names of the indexes that `body` gives a ProvisionedThroughput.
std::vector<std::string_view> indexes_with_throughput(JsonValue body);

// Carries the entries out on `table`, whose billing mode is the one after the request. Errors:
// ValidationException, LimitExceededException, ResourceNotFoundException.
Result<void> update_indexes(TableDescription& table, JsonValue body, const ChangeTime& time,
                            std::string_view region);

}  // namespace pageturner
