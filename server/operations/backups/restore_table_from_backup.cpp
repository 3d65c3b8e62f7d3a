// RestoreTableFromBackup: creates a table from a backup. It contains all items when the response is
// sent. api: RestoreTableFromBackup.
#include "server/operations/backups/backup_output.h"
#include "server/operations/backups/restore_input.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/tables/table_output.h"

namespace pageturner {

Result<void> restore_table_from_backup(Database& database, const Request& request,
                                       std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const BackupPointer backup, find_backup(database, request.body));
  PAGETURNER_RETURN_IF_ERROR(check_target_free(database, request.body));
  PAGETURNER_ASSIGN_OR_RETURN(TableDescription description,
                              restored_table(*backup->table, request.body));
  description.restored_from = {backup->id, backup->table->name, backup->created_milliseconds};
  description.transition = {Status::creating, description.created_milliseconds +
                                                  database.options().transition_milliseconds};
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table,
                              database.restore_backup(*backup, std::move(description)));
  append_table_description(ObjectWriter(out).member("TableDescription"), *table, request.region,
                           DescriptionUse::restore);
  return {};
}

}  // namespace pageturner
