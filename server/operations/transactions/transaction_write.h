// Writes of several items, all or none, at most once for a token: TransactWriteItems and
// ExecuteTransaction.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/json.h"
#include "server/operations/items/capacity.h"
#include "storage/item_writer.h"

namespace pageturner {

// Makes `writes` together, unless the ClientRequestToken of `body` says that this has been done.
// Gives what the request costs; its tables have to outlive that. `scope` keeps the tokens of one
// operation apart from another's. Errors: TransactionCanceledException with a reason for each
// write; what TransactionTokens::begin and write_items answer.
Result<TableCapacities> make_transaction(Database& database, JsonValue body, std::string_view scope,
                                         const std::vector<ItemWrite>& writes);

// Refuses two writes of one item.
Result<void> check_distinct_writes(const std::vector<ItemWrite>& writes);

}  // namespace pageturner
