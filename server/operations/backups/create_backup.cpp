// CreateBackup: the backup holds the table as it is, and is AVAILABLE, when the answer goes out.
// api: CreateBackup.
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
  out += "{\"BackupDetails\":";
  append_backup_details(out, *backup, request.region, "CREATING");
  out += '}';
  return {};
}

}  // namespace pageturner
