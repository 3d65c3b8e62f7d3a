// Reads of several items as of one point in time: TransactGetItems and ExecuteTransaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/expression/projection.h"
#include "protocol/json.h"
#include "storage/database.h"

namespace pageturner {

// A read of one item.
struct TransactionGet {
  TablePointer table;
  std::string key;  // the item's key in the table's layout
  std::optional<Projection> projection = {};
};

// Performs the reads and appends the whole response: one for each read, and ConsumedCapacity.
// Requires: the reads name distinct items. Never blocks on a key lock. Errors:
// TransactionCanceledException if one of the items is being written; ResourceNotFoundException or
// table_changed if a table was deleted or changed since it was found; ValidationException for more
// than limits::transaction_size_bytes_max.
Result<void> get_and_respond(Database& database, JsonValue body,
                             const std::vector<TransactionGet>& gets, std::string& out);

// Checks that no two reads name the same item. Errors: ValidationException.
Result<void> check_distinct_gets(const std::vector<TransactionGet>& gets);

}  // namespace pageturner
