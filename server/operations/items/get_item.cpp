// GetItem: returns an item by its key. api: GetItem.
#include <utility>

#include "server/operations/items/capacity.h"
#include "server/operations/items/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "storage/item_printer.h"

namespace pageturner {

Result<void> get_item(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  PAGETURNER_RETURN_IF_ERROR(check_not_mixed(body, {"AttributesToGet"}, {"ProjectionExpression"}));
  PAGETURNER_RETURN_IF_ERROR(
      check_placeholders_have_expressions(body, {"ProjectionExpression"}, {}));
  PAGETURNER_ASSIGN_OR_RETURN(const Item key_attributes, parse_key_parameter(body));
  PAGETURNER_ASSIGN_OR_RETURN(Placeholders placeholders, parse_names(body));
  PAGETURNER_ASSIGN_OR_RETURN(auto paths, parse_projection_parameter(body, placeholders));
  PAGETURNER_RETURN_IF_ERROR(placeholders.check_all_used());

  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table,
                              database.find_table(text_parameter(body, "TableName")));
  PAGETURNER_ASSIGN_OR_RETURN(const std::string key, key_of_request(*table, key_attributes));
  if (paths) PAGETURNER_RETURN_IF_ERROR(check_paths_into_keys(*table, paths->paths));
  const auto projection = paths ? std::optional<Projection>(*std::move(paths)) : std::nullopt;
  const ItemPrinter printer(projection ? &*projection : nullptr);
  std::size_t size_bytes = 0;
  ObjectWriter response(out);
  {
    PAGETURNER_ASSIGN_OR_RETURN(const auto guard, lock_table_shared(*table));
    const auto view = database.engine().read_view();
    if (const auto stored = view->get(table->layout.space, key)) {
      size_bytes = ItemView(*stored).size_bytes();
      printer.append(response.member("Item"), ItemView(*stored));
    }
  }
  ConsumedCapacity capacity(*table);
  capacity.add_get(size_bytes, boolean_parameter(body, "ConsistentRead", false));
  append_capacity(out, capacity, capacity_detail(body));
  return {};
}

}  // namespace pageturner
