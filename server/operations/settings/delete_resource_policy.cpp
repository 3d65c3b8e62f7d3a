// DeleteResourcePolicy: deletes the policy of a table, if there is one. api: DeleteResourcePolicy.
#include "protocol/object_writer.h"
#include "server/operations/operation.h"
#include "server/operations/resource_policy.h"

namespace pageturner {

Result<void> delete_resource_policy(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_policy_table(database, request.body));
  PAGETURNER_RETURN_IF_ERROR(check_expected_revision(table->description, request.body));
  ObjectWriter object(out);
  if (!table->description.resource_policy) return {};
  object.text("RevisionId", table->description.resource_policy->revision_id);
  TableDescription description = table->description;
  description.resource_policy.reset();
  PAGETURNER_RETURN_IF_ERROR(database.change_table(table, std::move(description)));
  return {};
}

}  // namespace pageturner
