#include "server/operations/item_write.h"

#include "protocol/expression/condition.h"
#include "server/operations/capacity.h"
#include "server/operations/parameters.h"

namespace ddb {

std::function<Result<ItemChange>(const ItemView*)> conditional_change(
    JsonValue body, const std::optional<ExpressionNode>& condition, ItemChange change) {
  const bool show_old = text_parameter(body, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
  return [&condition, show_old,
          change = std::move(change)](const ItemView* old_item) -> Result<ItemChange> {
    if (!condition) return change;
    const bool met = old_item == nullptr ? holds(*condition, EmptySource())
                                         : holds(*condition, StoredItemSource(*old_item));
    if (met) return change;
    Error error = conditional_check_failed();
    if (show_old && old_item != nullptr) error.item_json = old_item->json();
    return error;
  };
}

void append_write_answer(std::string& out, JsonValue body, const Table& table,
                         const WriteOutcome& outcome) {
  out += '{';
  if (text_parameter(body, "ReturnValues") == "ALL_OLD" && outcome.old_stored) {
    out += "\"Attributes\":";
    out += ItemView(*outcome.old_stored).json();
  }
  ConsumedCapacity capacity(table);
  capacity.add_write(outcome);
  append_capacity(out, capacity, capacity_detail(body));
  out += '}';
}

}  // namespace ddb
