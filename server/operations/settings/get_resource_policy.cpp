// GetResourcePolicy: returns the policy of a table. api: GetResourcePolicy.
#include "protocol/object_writer.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/resource_policy.h"

namespace pageturner {

Result<void> get_resource_policy(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_policy_table(database, request.body));
  const auto& policy = table->description.resource_policy;
  if (!policy) return policy_not_found(text_parameter(request.body, "ResourceArn"));
  ObjectWriter object(out);
  object.text("Policy", policy->text);
  object.text("RevisionId", policy->revision_id);
  return {};
}

}  // namespace pageturner
