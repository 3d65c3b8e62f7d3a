// DeleteBackup: deletes a backup. It is deleted when the response is sent. api: DeleteBackup.
#include "protocol/text.h"
#include "protocol/time_text.h"
#include "server/operations/backups/backup_output.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace pageturner {

Result<void> delete_backup(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const BackupPointer backup, find_backup(database, request.body));
  const std::string_view arn = text_parameter(request.body, "BackupArn");
  if (backup->is_of_system()) {  // Source: recorded answers.
    return invalid_request(concat("User is not allowed to delete the system backup with arn ", arn,
                                  ". It will automatically expire on ",
                                  time_text(*backup->expires_milliseconds)));
  }
  if (!database.drop_backup(backup)) {  // deleted by a concurrent request
    return Error{ErrorType::backup_not_found, concat("Backup not found: ", arn)};
  }
  append_backup_description(ObjectWriter(out).member("BackupDescription"), *backup, request.region,
                            "DELETED");
  return {};
}

}  // namespace pageturner
