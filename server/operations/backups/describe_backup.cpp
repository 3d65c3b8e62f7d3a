// DescribeBackup: a backup, and the table as it was. api: DescribeBackup.
#include "server/operations/backups/backup_output.h"
#include "server/operations/operation.h"

namespace ddb {

Result<void> describe_backup(Database& database, const Request& request, std::string& out) {
  DDB_ASSIGN(const BackupPointer backup, find_backup(database, request.body));
  out += "{\"BackupDescription\":";
  append_backup_description(out, *backup, request.region, "AVAILABLE");
  out += '}';
  return {};
}

}  // namespace ddb
