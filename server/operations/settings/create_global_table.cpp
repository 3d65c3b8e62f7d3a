// CreateGlobalTable: always fails; the service creates no global tables of this version any more.
// api: CreateGlobalTable; recorded answers.
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/global_table.h"

namespace pageturner {

Result<void> create_global_table(Database&, const Request& request, std::string&) {
  if (request.body.find("ReplicationGroup")->size() == 0) {
    return invalid_parameter("Global table must have atleast one replica");
  }
  return global_tables_not_supported();
}

}  // namespace pageturner
