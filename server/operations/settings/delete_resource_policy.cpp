// DeleteResourcePolicy: none afterwards, whether there was one or not. api: DeleteResourcePolicy.
#include "protocol/object_writer.h"
#include "server/operations/operation.h"
#include "server/operations/resource_policy.h"

namespace ddb {

Result<void> delete_resource_policy(Database& database, const Request& request, std::string& out) {
  DDB_ASSIGN(const TablePointer table, find_policy_table(database, request.body));
  DDB_CHECK(check_expected_revision(table->description, request.body));
  ObjectWriter object(out);
  if (!table->description.resource_policy) return {};
  object.text("RevisionId", table->description.resource_policy->revision_id);
  TableDescription wanted = table->description;
  wanted.resource_policy.reset();
  DDB_CHECK(database.change_table(table, std::move(wanted)));
  return {};
}

}  // namespace ddb
