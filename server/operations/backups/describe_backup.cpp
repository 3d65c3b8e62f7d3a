// DescribeBackup: a backup, and the table as it was. api: DescribeBackup.
#include "server/operations/backups/backup_output.h"
#include "server/operations/operation.h"

namespace pageturner {

Result<void> describe_backup(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const BackupPointer backup, find_backup(database, request.body));
  out += "{\"BackupDescription\":";
  append_backup_description(out, *backup, request.region, "AVAILABLE");
  out += '}';
  return {};
}

}  // namespace pageturner
