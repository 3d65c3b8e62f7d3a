// PutResourcePolicy: stores the policy of a table or a stream. It is not enforced. api:
// PutResourcePolicy.
#include "protocol/object_writer.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/resource_policy.h"

namespace pageturner {
namespace {

// Returns the policy with its members in a fixed order, so that equal policies are equal texts.
std::string canonical(std::string_view policy) {
  std::string text;
  JsonDocument::parse(policy).value().root().write_canonical(text);
  return text;
}

}  // namespace

Result<void> put_resource_policy(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  PAGETURNER_ASSIGN_OR_RETURN(const std::string text, parse_policy(text_parameter(body, "Policy")));
  PAGETURNER_ASSIGN_OR_RETURN(const Resource resource, find_policy_resource(database, body));
  std::string revision_id;
  PAGETURNER_RETURN_IF_ERROR(
      change_settings(database, resource, [&](ResourceSettings& settings) -> Result<void> {
        auto& policy = settings.policy;
        PAGETURNER_RETURN_IF_ERROR(check_expected_revision(policy, resource.text(), body));
        if (!policy || canonical(policy->text) != canonical(text)) {
          policy = ResourcePolicy{text, next_revision(policy)};
        }
        revision_id = policy->revision_id;
        return {};
      }));
  ObjectWriter object(out);
  object.text("RevisionId", revision_id);
  return {};
}

}  // namespace pageturner
