#include "server/operations/item_write.h"

#include "protocol/expression/condition.h"
#include "server/operations/capacity.h"
#include "server/operations/item_collection_metrics.h"
#include "server/operations/parameters.h"

namespace ddb {

Result<void> check_condition(const std::optional<ExpressionNode>& condition,
                             const ItemView* old_item, bool show_old) {
  if (!condition) return {};
  const bool met = old_item == nullptr ? holds(*condition, EmptySource())
                                       : holds(*condition, StoredItemSource(*old_item));
  if (met) return {};
  Error error = conditional_check_failed();
  if (show_old && old_item != nullptr) error.item_json = old_item->json();
  return error;
}

bool shows_old_on_failure(JsonValue body) {
  return text_parameter(body, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
}

std::function<Result<ItemChange>(const ItemView*)> conditional_change(
    JsonValue body, const std::optional<ExpressionNode>& condition, ItemChange change) {
  return [&condition, show_old = shows_old_on_failure(body),
          change = std::move(change)](const ItemView* old_item) -> Result<ItemChange> {
    DDB_CHECK(check_condition(condition, old_item, show_old));
    return change;
  };
}

Result<void> answer_write(Database& database, JsonValue body, ItemWrite write, std::string& out) {
  const TablePointer table = write.table;
  const std::string key = write.key;
  DDB_ASSIGN(const WriteOutcome outcome, write_item(database, std::move(write)));
  out += '{';
  if (text_parameter(body, "ReturnValues") == "ALL_OLD" && outcome.old_stored) {
    out += "\"Attributes\":";
    out += ItemView(*outcome.old_stored).json();
  }
  append_write_costs(out, database, body, *table, outcome, key);
  out += '}';
  return {};
}

void append_write_costs(std::string& out, Database& database, JsonValue body, const Table& table,
                        const WriteOutcome& outcome, std::string_view key) {
  ConsumedCapacity capacity(table);
  capacity.add_write(outcome);
  append_capacity(out, capacity, capacity_detail(body));
  if (!wants_item_collection_metrics(body, table)) return;
  out += out.back() == '{' ? "\"ItemCollectionMetrics\":" : ",\"ItemCollectionMetrics\":";
  append_item_collection_metrics(out, database, table, key);
}

}  // namespace ddb
