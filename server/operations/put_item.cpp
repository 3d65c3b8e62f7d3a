// PutItem: creates an item or replaces it whole. api: PutItem.
#include "server/operations/item_key.h"
#include "server/operations/item_write.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace ddb {

Result<void> put_item(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  DDB_CHECK(check_not_mixed(body, {"Expected", "ConditionalOperator"}, {"ConditionExpression"}));
  DDB_CHECK(check_placeholders_wanted(body, {"ConditionExpression"}, {"ConditionExpression"}));
  DDB_ASSIGN(const Item item, parse_item_parameter(body, "Item"));
  DDB_CHECK(check_return_values(body));
  DDB_ASSIGN(const auto condition, parse_write_condition(body));

  DDB_ASSIGN(const TablePointer table, database.find_table(text_parameter(body, "TableName")));
  DDB_ASSIGN(std::string key, key_of_item(*table, item));
  DDB_CHECK(check_item_size(item));
  ItemChange change{ItemChange::Kind::put, encode_stored_item(item)};
  return answer_write(
      database, body,
      {table, std::move(key), conditional_change(body, condition, std::move(change))}, out);
}

}  // namespace ddb
