// Writes of several items, all or none, at most once for each ClientRequestToken:
// TransactWriteItems and ExecuteTransaction.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/json.h"
#include "server/operations/items/capacity.h"
#include "storage/item_writer.h"

namespace pageturner {

// Performs `writes` together, unless a request with the same ClientRequestToken has done so.
// Returns the consumed capacity, which the tables of `writes` must outlive. `scope` separates the
// tokens of different operations. Errors: TransactionCanceledException with a reason for each
// write; those of TransactionTokens::begin and write_items.
Result<TableCapacities> make_transaction(Database& database, JsonValue body, std::string_view scope,
                                         const std::vector<ItemWrite>& writes);

// Checks that no two writes name the same item. Errors: ValidationException.
Result<void> check_distinct_writes(const std::vector<ItemWrite>& writes);

}  // namespace pageturner
