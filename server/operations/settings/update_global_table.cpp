// UpdateGlobalTable: always fails; there are no global tables. api: UpdateGlobalTable; recorded
// answers.
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/global_table.h"

namespace pageturner {

Result<void> update_global_table(Database&, const Request& request, std::string&) {
  const JsonValue updates = request.body.find("ReplicaUpdates").value();
  for (const JsonValue element : updates.elements()) {
    if (element.find("Create")) return global_tables_not_supported();
  }
  if (updates.size() == 0) return validation_error("One or more parameter values were invalid");
  return global_table_not_found("Global table not found: ",
                                text_parameter(request.body, "GlobalTableName"));
}

}  // namespace pageturner
