// RestoreTableFromBackup: the new table holds what the backup holds when the answer goes out. api:
// RestoreTableFromBackup.
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
  PAGETURNER_ASSIGN_OR_RETURN(TableDescription wanted, restored_table(backup->table, request.body));
  wanted.restored_from = {backup->id, backup->table.name, backup->created_milliseconds};
  wanted.transition = {Status::creating,
                       wanted.created_milliseconds + database.options().transition_milliseconds};
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table,
                              database.restore_backup(*backup, std::move(wanted)));
  out += "{\"TableDescription\":";
  append_table_description(out, *table, request.region, Status::creating);
  out += '}';
  return {};
}

}  // namespace pageturner
