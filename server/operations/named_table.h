// The table that an operation on tables names. (Those on items word its absence otherwise.)
#pragma once

#include "protocol/json.h"
#include "storage/database.h"

namespace pageturner {

// "Requested resource not found: Table: NAME not found"
Error named_table_not_found(std::string_view name);

// Refuses a request without TableName, in the words of those operations that do not take it for a
// violation of their shape.
Result<void> check_table_name_given(JsonValue body);

// The table that the parameter TableName, a name or an ARN, stands for. Errors:
// ResourceNotFoundException.
Result<TablePointer> find_named_table(Database& database, JsonValue body);

}  // namespace pageturner
