// DescribeTableReplicaAutoScaling: always fails; no table has replicas. api:
// DescribeTableReplicaAutoScaling; recorded answers.
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/global_table.h"

namespace pageturner {

Result<void> describe_table_replica_auto_scaling(Database&, const Request& request, std::string&) {
  return no_replicas(text_parameter(request.body, "TableName"));
}

}  // namespace pageturner
