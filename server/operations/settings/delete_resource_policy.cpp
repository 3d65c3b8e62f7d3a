// DeleteResourcePolicy: deletes the policy of a table or a stream, if there is one. api:
// DeleteResourcePolicy.
#include "protocol/object_writer.h"
#include "server/operations/operation.h"
#include "server/operations/resource_policy.h"

namespace pageturner {

Result<void> delete_resource_policy(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const Resource resource,
                              find_policy_resource(database, request.body));
  std::optional<ResourcePolicy> deleted;
  PAGETURNER_RETURN_IF_ERROR(
      change_settings(database, resource, [&](ResourceSettings& settings) -> Result<void> {
        PAGETURNER_RETURN_IF_ERROR(
            check_expected_revision(settings.policy, resource.text(), request.body));
        deleted = std::exchange(settings.policy, std::nullopt);
        return {};
      }));
  ObjectWriter object(out);
  if (deleted) object.text("RevisionId", deleted->revision_id);
  return {};
}

}  // namespace pageturner
