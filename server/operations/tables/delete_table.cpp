// DeleteTable: deletes a table and its items. They are deleted when the response is sent. api:
// DeleteTable.
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/tables/table_output.h"
#include "server/operations/tables/transition_conflicts.h"
#include "storage/clock.h"

namespace pageturner {

Result<void> delete_table(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_named_table(database, request.body));
  PAGETURNER_RETURN_IF_ERROR(check_deletable(table->description, now_milliseconds()));
  if (table->description.deletion_protection) {
    return validation_error(
        "Resource cannot be deleted as it is currently protected against deletion. Disable "
        "deletion protection first.");
  }
  PAGETURNER_RETURN_IF_ERROR(database.drop_table(table));
  append_table_description(ObjectWriter(out).member("TableDescription"), *table, request.region,
                           DescriptionUse::delete_table);
  return {};
}

}  // namespace pageturner
