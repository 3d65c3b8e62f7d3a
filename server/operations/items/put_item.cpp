// PutItem: creates an item or replaces it whole. api: PutItem.
#include "server/operations/items/item_write.h"

namespace ddb {

Result<void> put_item(Database& database, const Request& request, std::string& out) {
  DDB_ASSIGN(const WriteRequest write, parse_write(WriteKind::put, request.body));
  DDB_ASSIGN(const ItemWrite bound, bind_write(database, write));
  return answer_write(database, request.body, bound, out);
}

}  // namespace ddb
