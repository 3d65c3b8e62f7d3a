// The TableName parameter of operations on tables. (Operations on items use Database::find_table,
// whose messages differ.)
#pragma once

#include "protocol/json.h"
#include "storage/database.h"

namespace pageturner {

// Returns ResourceNotFoundException "Requested resource not found: Table: NAME not found".
Error named_table_not_found(std::string_view name);

// Checks that TableName is present, for the operations whose shape does not require it. Errors:
// ValidationException.
Result<void> check_table_name_given(JsonValue body);

// Returns the table that the parameter TableName, a name or an ARN, names. Errors:
// ResourceNotFoundException.
Result<TablePointer> find_named_table(Database& database, JsonValue body);

}  // namespace pageturner
