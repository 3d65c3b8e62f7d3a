// GetItem: one item by its key. api: GetItem.
#include "server/operations/items/capacity.h"
#include "server/operations/items/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "storage/item_printer.h"

namespace ddb {

Result<void> get_item(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  DDB_CHECK(check_not_mixed(body, {"AttributesToGet"}, {"ProjectionExpression"}));
  DDB_CHECK(check_placeholders_wanted(body, {"ProjectionExpression"}, {}));
  DDB_ASSIGN(const Item key_attributes, parse_item_parameter(body, "Key"));
  DDB_ASSIGN(Placeholders placeholders, parse_names(body));
  DDB_ASSIGN(const auto paths, parse_projection_parameter(body, placeholders));
  DDB_CHECK(placeholders.check_all_used());

  DDB_ASSIGN(const TablePointer table, database.find_table(text_parameter(body, "TableName")));
  DDB_ASSIGN(const std::string key, key_of_request(*table, key_attributes));
  if (paths) DDB_CHECK(check_paths_into_keys(*table, *paths));
  const auto projection = paths ? std::optional<Projection>(*paths) : std::nullopt;
  const ItemPrinter printer(projection ? &*projection : nullptr);
  std::size_t size_bytes = 0;
  out += '{';
  {
    DDB_ASSIGN(const auto guard, hold_table(*table));
    const auto view = database.engine().read_view();
    if (const auto stored = view->get(key)) {
      size_bytes = ItemView(*stored).size_bytes();
      out += "\"Item\":";
      printer.append(out, ItemView(*stored));
    }
  }
  ConsumedCapacity capacity(*table);
  capacity.add_get(size_bytes, truth_parameter(body, "ConsistentRead", false));
  append_capacity(out, capacity, capacity_detail(body));
  out += '}';
  return {};
}

}  // namespace ddb
