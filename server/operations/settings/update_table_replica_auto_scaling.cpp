// UpdateTableReplicaAutoScaling: always fails; no table has replicas. api:
// UpdateTableReplicaAutoScaling; recorded answers.
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/global_table.h"

namespace pageturner {

Result<void> update_table_replica_auto_scaling(Database&, const Request& request, std::string&) {
  return no_replicas(text_parameter(request.body, "TableName"));
}

}  // namespace pageturner
