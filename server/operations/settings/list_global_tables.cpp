// ListGlobalTables: returns an empty list; there are no global tables. api: ListGlobalTables;
// recorded answers.
#include "protocol/object_writer.h"
#include "server/operations/operation.h"

namespace pageturner {

Result<void> list_global_tables(Database&, const Request&, std::string& out) {
  ObjectWriter(out).empty_list("GlobalTables");
  return {};
}

}  // namespace pageturner
