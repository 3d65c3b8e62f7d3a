// What the writes of single items share: a condition on the old item, and an answer that may show
// it.
#pragma once

#include <optional>
#include <string>

#include "protocol/expression/ast.h"
#include "server/operations/operation.h"
#include "storage/item_writer.h"

namespace ddb {

// Fails with ConditionalCheckFailedException where `condition` does not hold for the item as it is.
// The error carries that item where `show_old` says so.
Result<void> check_condition(const std::optional<ExpressionNode>& condition,
                             const ItemView* old_item, bool show_old);

// Whether the request wants to see the item that its condition failed on.
bool shows_old_on_failure(JsonValue body);

// Wraps `change` into a write that fails with ConditionalCheckFailedException where `condition`
// does not hold for the item as it is. The error carries that item where the request asked for it
// with ReturnValuesOnConditionCheckFailure. `condition` has to outlive the function.
std::function<Result<ItemChange>(const ItemView*)> conditional_change(
    JsonValue body, const std::optional<ExpressionNode>& condition, ItemChange change);

// Makes the write and appends the answer of PutItem and DeleteItem: Attributes, where the request
// asked for the old item and there was one, and what append_write_costs appends.
Result<void> answer_write(Database& database, JsonValue body, ItemWrite write, std::string& out);

// Appends ConsumedCapacity and ItemCollectionMetrics of a write to the item under `key`, where the
// request asked for them, as further members of an answer.
void append_write_costs(std::string& out, Database& database, JsonValue body, const Table& table,
                        const WriteOutcome& outcome, std::string_view key);

}  // namespace ddb
