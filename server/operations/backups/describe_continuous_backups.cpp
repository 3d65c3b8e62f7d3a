// DescribeContinuousBackups: returns the point-in-time recovery of a table. api:
// DescribeContinuousBackups.
#include "server/operations/backups/backup_output.h"
#include "server/operations/backups/continuous_backups.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace pageturner {

Result<void> describe_continuous_backups(Database& database, const Request& request,
                                         std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(
      const TablePointer table,
      find_source_table(database, text_parameter(request.body, "TableName")));
  append_continuous_backups(out, table->description);
  return {};
}

}  // namespace pageturner
