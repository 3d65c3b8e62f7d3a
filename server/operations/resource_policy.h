// Resource policies of tables and streams. They are stored and returned but not enforced.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/operations/resource.h"

namespace pageturner {

// Returns the table or the stream that ResourceArn names. Errors: ValidationException, also for
// another account; ResourceNotFoundException. Source: recorded answers.
Result<Resource> find_policy_resource(Database& database, JsonValue body);

// Checks that ExpectedRevisionId, if present, is the revision of `policy`, or NO_POLICY if there is
// none. `owner` is Resource::text(). Errors: PolicyNotFoundException. Source: recorded answers, for
// tables; the texts for streams are inferred.
Result<void> check_expected_revision(const std::optional<ResourcePolicy>& policy,
                                     std::string_view owner, JsonValue body);

// Returns the policy document `text` as it is stored: JSON without white space. Errors:
// ValidationException if it is not a JSON object with a Statement, or is larger than
// limits::resource_policy_size_bytes_max.
Result<std::string> parse_policy(std::string_view text);

// Returns a revision id made of the current time, greater than that of `policy`.
std::string next_revision(const std::optional<ResourcePolicy>& policy);

// Returns PolicyNotFoundException "Resource-based policy not found for the provided ResourceArn:
// …".
Error policy_not_found(std::string_view text);

}  // namespace pageturner
