// DeleteTable: the table and all in it are gone when the answer goes out. api: DeleteTable.
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/table_output.h"

namespace ddb {

Result<void> delete_table(Database& database, const Request& request, std::string& out) {
  DDB_ASSIGN(const TablePointer table, find_named_table(database, request.body));
  if (table->description.deletion_protection) {
    return validation_error(
        "Resource cannot be deleted as it is currently protected against deletion. Disable "
        "deletion "
        "protection first.");
  }
  DDB_CHECK(database.drop_table(table));
  out += "{\"TableDescription\":";
  append_table_description(out, *table, "DELETING", request.region);
  out += '}';
  return {};
}

}  // namespace ddb
