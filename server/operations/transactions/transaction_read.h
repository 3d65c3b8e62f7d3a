// Reads of several items as they are at one moment: TransactGetItems and ExecuteTransaction.
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

// Makes the reads, which name distinct items, and appends the whole answer: a response for each and
// what they cost. Errors: TransactionCanceledException where a write of one of the items is under
// way, for a read is not made to wait; ResourceNotFoundException where a table has been deleted
// meanwhile; ValidationException for more than limits::transaction_size_bytes_max.
Result<void> get_and_respond(Database& database, JsonValue body,
                             const std::vector<TransactionGet>& gets, std::string& out);

// Refuses two reads of one item.
Result<void> check_distinct_gets(const std::vector<TransactionGet>& gets);

}  // namespace pageturner
