// DeleteBackup: the backup is gone when the answer goes out. api: DeleteBackup.
#include "server/operations/backup_output.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace ddb {

Result<void> delete_backup(Database& database, const Request& request, std::string& out) {
  DDB_ASSIGN(const BackupPointer backup, find_backup(database, request.body));
  if (!database.drop_backup(backup)) {  // somebody else was faster
    return Error{ErrorType::backup_not_found,
                 "Backup not found: " + std::string(text_parameter(request.body, "BackupArn"))};
  }
  out += "{\"BackupDescription\":";
  append_backup_description(out, *backup, request.region, "DELETED");
  out += '}';
  return {};
}

}  // namespace ddb
