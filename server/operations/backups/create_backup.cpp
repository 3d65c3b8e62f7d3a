// CreateBackup: copies a table. The backup is complete when the response is sent. api:
// CreateBackup.
#include "server/operations/backups/backup_output.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace pageturner {

Result<void> create_backup(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(
      const TablePointer table,
      find_source_table(database, text_parameter(request.body, "TableName")));
  const std::string name(text_parameter(request.body, "BackupName"));
  PAGETURNER_ASSIGN_OR_RETURN(const BackupPointer backup, database.back_up_table(table, name));
  append_backup_details(ObjectWriter(out).member("BackupDetails"), *backup, request.region,
                        "CREATING");
  return {};
}

}  // namespace pageturner
