// The table that a restore makes of another one.
#pragma once

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// `source` as a new table with the name TargetTableName and the overrides of `body`. What a restore
// does not bring back is off: stream, time to live, recovery, tags, protection, class, policy.
// Errors: ValidationException for overrides that do not fit. Source: recorded answers.
Result<TableDescription> restored_table(const TableDescription& source, JsonValue body);

}  // namespace pageturner
