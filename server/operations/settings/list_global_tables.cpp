// ListGlobalTables: there are none. api: ListGlobalTables; recorded answers.
#include "server/operations/operation.h"

namespace pageturner {

Result<void> list_global_tables(Database&, const Request&, std::string& out) {
  out += "{\"GlobalTables\":[]}";
  return {};
}

}  // namespace pageturner
