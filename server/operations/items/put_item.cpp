// PutItem: creates an item or replaces the whole item. api: PutItem.
#include "server/operations/items/item_write.h"

namespace pageturner {

Result<void> put_item(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(WriteRequest write, parse_write(WriteKind::put, request.body));
  PAGETURNER_ASSIGN_OR_RETURN(const ItemWrite bound, bind_write(database, write));
  return write_and_respond(database, request.body, bound, out);
}

}  // namespace pageturner
