#include "server/operations/resource_policy.h"

#include <algorithm>

#include "protocol/limits.h"
#include "protocol/text.h"
#include "server/operations/named_table.h"
#include "server/operations/parameters.h"
#include "storage/clock.h"

namespace pageturner {

Result<Resource> find_policy_resource(Database& database, JsonValue body) {
  PAGETURNER_ASSIGN_OR_RETURN(const ResourceArn arn, parse_resource_arn(body));
  if (!arn.is_of_own_account()) {
    return validation_error(
        "This action is only supported by accounts that match the resource owner\u2019s account.");
  }
  if (auto resource = find_resource(database, arn)) return std::move(*resource);
  if (!arn.is_stream) return named_table_not_found(arn.table_name);
  return Error{ErrorType::resource_not_found,
               concat("Requested resource not found: Stream: ", arn.stream_label,
                      " not found for Table: ", arn.table_name)};
}

Result<void> check_expected_revision(const std::optional<ResourcePolicy>& policy,
                                     std::string_view owner, JsonValue body) {
  constexpr std::string_view none = "NO_POLICY";
  const std::string expected(text_parameter(body, "ExpectedRevisionId"));
  if (expected.empty() || (policy && policy->revision_id == expected)) return {};
  if (expected == none) {
    if (!policy) return {};
    return policy_not_found(concat("Requested policy update expecting none to be present for ",
                                   owner, ", but a policy exists with revision id ",
                                   policy->revision_id, "."));
  }
  const std::string request =
      concat("Requested update for policy with revision id ", expected, ", but ");
  if (!policy) {
    return policy_not_found(concat(request, owner, " has no associated policy."));
  }
  return policy_not_found(concat(request, "the policy associated to target ", owner,
                                 " has revision id ", policy->revision_id, "."));
}

Result<std::string> parse_policy(std::string_view text) {
  if (text.size() > limits::resource_policy_size_bytes_max) {
    return invalid_parameter(concat("Maximum policy size of ",
                                    limits::resource_policy_size_bytes_max, " bytes exceeded"));
  }
  const auto document = JsonDocument::parse(text);
  if (!document || document->root().kind() == JsonValue::Kind::array) {
    return invalid_parameter("Invalid policy document: This policy contains invalid Json");
  }
  const JsonValue policy = document->root();
  if (!policy.is_object()) {
    return invalid_parameter("Invalid policy document: This text appears not to be a policy");
  }
  const auto statement = policy.find("Statement");
  if (!statement) {
    return invalid_parameter("Invalid policy document: Syntax error at position (1,3)");
  }
  if (statement->kind() == JsonValue::Kind::array && statement->size() == 0) {
    return invalid_parameter(
        "Invalid policy document: Could not parse the policy: Statement is empty!");
  }
  std::string stored;
  policy.write(stored);
  return stored;
}

std::string next_revision(const std::optional<ResourcePolicy>& policy) {
  std::int64_t revision = now_milliseconds();
  if (policy) revision = std::max<std::int64_t>(revision, std::stoll(policy->revision_id) + 1);
  return std::to_string(revision);
}

Error policy_not_found(std::string_view text) {
  return {ErrorType::policy_not_found,
          concat("Resource-based policy not found for the provided ResourceArn: ", text)};
}

}  // namespace pageturner
