// The write path. All changes of items are made by write_item and write_items.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/database.h"
#include "storage/index_changes.h"
#include "storage/stored_item.h"

namespace pageturner {

// The result of a write for its item.
struct ItemChange {
  enum class Kind { keep, put, erase };
  Kind kind = Kind::keep;
  std::string stored = {};  // the new item in stored form, with `put`
};

// One write of one item.
struct ItemWrite {
  TablePointer table;
  std::string key;  // the item's key in the table's layout
  // Computes the change from the current item (nullptr: there is none), or returns an error such as
  // a failed condition. write_item and write_items call it at most once for each write, on the
  // calling thread, with the table's lock and the item's lock held; they do not call it if the
  // table has changed or another write holds the item. So it may move its data out. A transaction
  // calls it for all writes, also after one has failed; its result is dropped if another write
  // fails or the engine has no room. It must not use the Database. `old_item` is valid during the
  // call.
  std::function<Result<ItemChange>(const StoredItemSource* old_item)> apply;
  // Whether this is the service's delete of an expired item, not a client's: the record in the
  // stream says so.
  bool by_time_to_live = false;
};

// The effects of a write.
struct WriteOutcome {
  std::optional<std::string> old_stored;  // of write_item: the previous item, in stored form
  std::size_t old_size_bytes = 0;         // 0: there was no item
  std::size_t new_size_bytes = 0;         // 0: there is no item any more
  bool is_new_large = false;              // the stored form is larger than large_item_bytes
  std::vector<IndexChange> index_changes;
};

// Makes one write. Waits for concurrent plain writes of the same item and for a change of its
// table. Errors: those of `apply`; ResourceNotFoundException if the table was dropped;
// table_changed if write.table is not its current version; TransactionConflictException if a
// transaction holds the item; ItemCollectionSizeLimitExceededException if the memory ceiling leaves
// no room for the item. The outcome points to indexes of write.table.
Result<WriteOutcome> write_item(Database& database, const ItemWrite& write);

// A transaction: makes all of `writes` or none. Items, index entries, stream records and counters
// change together, and no reader sees a part. Requires: the writes are to distinct items. Returns
// an outcome for each write, in order; if one of them is an error, nothing was written. Errors as
// for write_item; but a transaction never blocks on an item: an item that another write holds gets
// TransactionConflictException. It does wait for a change of a table.
std::vector<Result<WriteOutcome>> write_items(Database& database,
                                              const std::vector<ItemWrite>& writes);

// Returns the error for an item that a transaction, or a concurrent write of a transaction's item,
// holds.
Error transaction_conflict();

}  // namespace pageturner
