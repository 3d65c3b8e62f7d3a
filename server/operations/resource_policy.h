// Resource policies of tables. They are stored and returned but not enforced.
#pragma once

#include <string>
#include <string_view>

#include "server/operations/resource_arn.h"

namespace pageturner {

// Returns the table that ResourceArn names. Errors: ValidationException; ResourceNotFoundException.
Result<TablePointer> find_policy_table(Database& database, JsonValue body);

// Checks that ExpectedRevisionId, if present, is the revision of the policy of `table`, or
// NO_POLICY if the table has none. Errors: PolicyNotFoundException.
Result<void> check_expected_revision(const TableDescription& table, JsonValue body);

// Returns the policy document `text` as it is stored: JSON without white space. Errors:
// ValidationException if it is not a JSON object with a Statement, or is larger than
// limits::resource_policy_size_bytes_max.
Result<std::string> parse_policy(std::string_view text);

// Returns a revision id made of the current time, greater than that of the policy of `table`.
std::string next_revision(const TableDescription& table);

// Returns PolicyNotFoundException "Resource-based policy not found for the provided ResourceArn:
// …".
Error policy_not_found(std::string_view text);

}  // namespace pageturner
