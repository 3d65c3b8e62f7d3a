// The description of the table that a restore creates.
#pragma once

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// Returns the description of a new table TargetTableName made from `source` and the overrides in
// `body`. A restore does not copy stream, time to live, recovery, tags, protection, class and
// policy. Errors: ValidationException for overrides that do not match `source`. Source: recorded
// answers.
Result<TableDescription> restored_table(const TableDescription& source, JsonValue body);

}  // namespace pageturner
