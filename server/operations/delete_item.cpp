// DeleteItem: removes the item with a key, if there is one. api: DeleteItem.
#include "server/operations/item_key.h"
#include "server/operations/item_write.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace ddb {

Result<void> delete_item(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  DDB_CHECK(check_not_mixed(body, {"Expected", "ConditionalOperator"}, {"ConditionExpression"}));
  DDB_CHECK(check_placeholders_wanted(body, {"ConditionExpression"}, {"ConditionExpression"}));
  DDB_ASSIGN(const Item key_attributes, parse_item_parameter(body, "Key"));
  DDB_CHECK(check_return_values(body));
  DDB_ASSIGN(const auto condition, parse_write_condition(body));

  DDB_ASSIGN(const TablePointer table, database.find_table(text_parameter(body, "TableName")));
  DDB_ASSIGN(std::string key, key_of_request(*table, key_attributes));
  return answer_write(
      database, body,
      {table, std::move(key), conditional_change(body, condition, {ItemChange::Kind::erase})}, out);
}

}  // namespace ddb
