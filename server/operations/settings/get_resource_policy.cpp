// GetResourcePolicy: returns the policy of a table or a stream. api: GetResourcePolicy.
#include "protocol/object_writer.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/resource_policy.h"

namespace pageturner {

Result<void> get_resource_policy(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const Resource resource,
                              find_policy_resource(database, request.body));
  const auto policy = resource.settings().policy;
  if (!policy) return policy_not_found(text_parameter(request.body, "ResourceArn"));
  ObjectWriter object(out);
  object.text("Policy", policy->text);
  object.text("RevisionId", policy->revision_id);
  return {};
}

}  // namespace pageturner
