// What PutItem and DeleteItem share: a condition on the old item, and an answer that may show it.
#pragma once

#include <optional>
#include <string>

#include "protocol/expression/ast.h"
#include "server/operations/operation.h"
#include "storage/item_writer.h"

namespace ddb {

// Wraps `change` into a write that fails with ConditionalCheckFailedException where `condition`
// does not hold for the item as it is. The error carries that item where the request asked for it
// with ReturnValuesOnConditionCheckFailure. `condition` has to outlive the function.
std::function<Result<ItemChange>(const ItemView*)> conditional_change(
    JsonValue body, const std::optional<ExpressionNode>& condition, ItemChange change);

// Appends the answer of PutItem and DeleteItem: Attributes, where the request asked for the old
// item and there was one, and ConsumedCapacity.
void append_write_answer(std::string& out, JsonValue body, const Table& table,
                         const WriteOutcome& outcome);

}  // namespace ddb
