// The write path: every change of an item, alone or with others, goes through write_items.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/index_changes.h"
#include "storage/stored_item.h"

namespace pageturner {

// What becomes of an item.
struct ItemChange {
  enum class Kind { keep, put, erase };
  Kind kind = Kind::keep;
  std::string stored = {};  // with `put`: the new item, in stored form
};

// One write of one item.
struct ItemWrite {
  TablePointer table;
  std::string key;  // the item's key in the table's layout
  // From the item as it is (nullptr: there is none) to what becomes of it, or to an error such as a
  // failed condition. It may be called more than once, and the
  // last call counts.
  std::function<Result<ItemChange>(const ItemView* old_item)> apply;
  // Whether it is the service that deletes an item whose time has come, not a client: the item's
  // stream says so.
  bool by_time_to_live = false;
};

// What a write did.
struct WriteOutcome {
  std::optional<std::string> old_stored;  // the item as it was, in stored form
  std::size_t old_size_bytes = 0;         // 0: there was none
  std::size_t new_size_bytes = 0;         // 0: there is none
  std::vector<IndexChange> index_changes;
};

// Makes one write, after those of the same item that are under way. Errors: what `apply` answers;
// ResourceNotFoundException where the table has been deleted meanwhile;
// TransactionConflictException where a transaction is under way on the item;
// ItemCollectionSizeLimitExceededException where the memory ceiling leaves no room for the item.
Result<WriteOutcome> write_item(Database& database, const ItemWrite& write);

// A transaction: makes all of `writes`, which name distinct items, or none: items, index entries,
// stream records and counts change together, and no reader sees a part. Gives an outcome for each
// write, in order; as soon as one of them is an error nothing has been written. The errors are
// those of write_item, but a transaction does not wait: it meets whatever writes one of its items
// at the same time.
std::vector<Result<WriteOutcome>> write_items(Database& database,
                                              const std::vector<ItemWrite>& writes);

// What whoever meets a transaction on an item is answered with.
Error transaction_conflict();

}  // namespace pageturner
