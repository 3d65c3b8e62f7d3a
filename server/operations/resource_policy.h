// Resource policies of tables, as they are kept and shown. Nobody is refused because of one.
#pragma once

#include <string>
#include <string_view>

#include "server/operations/resource_arn.h"

namespace pageturner {

// The table that ResourceArn names. Errors: ValidationException; ResourceNotFoundException.
Result<TablePointer> find_policy_table(Database& database, JsonValue body);

// Holds ExpectedRevisionId, where it is there, to the policy that `table` has. Errors:
// PolicyNotFoundException.
Result<void> check_expected_revision(const TableDescription& table, JsonValue body);

// A policy document as it is kept: JSON without white space. Errors: ValidationException for what
// is no JSON object with a Statement, or too large.
Result<std::string> parse_policy(std::string_view text);

// A revision id of this moment, later than that of `table`'s policy.
std::string next_revision(const TableDescription& table);

// "Resource-based policy not found for the provided ResourceArn: …"
Error policy_not_found(const std::string& text);

}  // namespace pageturner
