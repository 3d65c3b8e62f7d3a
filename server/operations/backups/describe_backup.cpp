// DescribeBackup: returns a backup and the description of the table at its time. api:
// DescribeBackup.
#include "server/operations/backups/backup_output.h"
#include "server/operations/operation.h"

namespace pageturner {

Result<void> describe_backup(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const BackupPointer backup, find_backup(database, request.body));
  append_backup_description(ObjectWriter(out).member("BackupDescription"), *backup, request.region,
                            "AVAILABLE");
  return {};
}

}  // namespace pageturner
