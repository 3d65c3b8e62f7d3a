// DeleteBackup: the backup is gone when the answer goes out. api: DeleteBackup.
#include "protocol/time_text.h"
#include "server/operations/backups/backup_output.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace pageturner {

Result<void> delete_backup(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const BackupPointer backup, find_backup(database, request.body));
  const std::string arn(text_parameter(request.body, "BackupArn"));
  if (backup->is_of_system()) {  // recorded answers
    return invalid_request("User is not allowed to delete the system backup with arn " + arn +
                           ". It will automatically expire on " +
                           time_text(*backup->expires_milliseconds));
  }
  if (!database.drop_backup(backup)) {  // somebody else was faster
    return Error{ErrorType::backup_not_found, "Backup not found: " + arn};
  }
  out += "{\"BackupDescription\":";
  append_backup_description(out, *backup, request.region, "DELETED");
  out += '}';
  return {};
}

}  // namespace pageturner
