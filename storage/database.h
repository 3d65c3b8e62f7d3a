// The database: tables, streams, backups and transaction tokens over one storage engine.
#pragma once

#include <absl/functional/function_ref.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <vector>

#include "protocol/error.h"
#include "storage/backup_registry.h"
#include "storage/catalog.h"
#include "storage/engine/engine.h"
#include "storage/key_locks.h"
#include "storage/stream_registry.h"
#include "storage/transaction_tokens.h"

namespace pageturner {

struct DatabaseOptions {
  // How long tables and indexes are shown as CREATING, UPDATING and DELETING.
  std::int64_t transition_milliseconds = 0;
  StreamOptions streams = {};
  // The memory ceiling for all that is kept, in bytes; requests that would exceed it fail. 0: no
  // ceiling.
  std::size_t max_memory_bytes = 0;
};

// Called with an item in stored form, which is valid during the call only.
using ItemVisitor = absl::FunctionRef<void(std::string_view stored)>;

// Receives an item in stored form, and its key in the table's layout.
using ItemSink = absl::FunctionRef<void(std::string key, std::string stored)>;

// Passes the items of a new table to `sink`. Both arguments are valid during the call only. Called
// with the lock of the new table held, so it must not use the Database.
using ItemLoader = absl::FunctionRef<void(const Table& table, ItemSink sink)>;

// Thread-safe.
class Database {
 public:
  // Creates an empty database in memory.
  explicit Database(const DatabaseOptions& options = {});
  // Creates an empty database in `engine`, which must be empty.
  explicit Database(std::unique_ptr<Engine> engine, const DatabaseOptions& options = {});

  const DatabaseOptions& options() const { return options_; }

  Engine& engine() { return *engine_; }
  Catalog& catalog() { return catalog_; }
  KeyLocks& key_locks() { return key_locks_; }
  StreamRegistry& streams() { return streams_; }
  TransactionTokens& transaction_tokens() { return transaction_tokens_; }
  BackupRegistry& backups() { return backups_; }

  // Returns the table `name_or_arn`. Errors: ResourceNotFoundException, with the text of the
  // operations on items, if there is no such table or it is shown as CREATING or DELETING.
  Result<TablePointer> find_table(std::string_view name_or_arn) const;

  // Notes that `table` has a large item, as Counters::has_large_items defines it.
  void note_large_items(const Table& table);
  // Whether any table has had a large item. Takes no lock.
  bool has_large_items() const { return has_large_items_.load(std::memory_order_relaxed); }
  // Whether the table `name_or_arn` exists and has had a large item.
  bool has_large_items(std::string_view name_or_arn) const;

  // Counts `bytes` that a record is kept with against the memory ceiling. Errors:
  // no_room_for_table().
  Result<MemoryCharge> charge_memory(std::size_t bytes);

  // Return the errors for a lack of memory below the ceiling: for a write of an item,
  // ItemCollectionSizeLimitExceededException; for operations that create or copy tables,
  // LimitExceededException. The service's model has these errors about exceeded sizes for either
  // kind of operation, so every SDK has a class for them; the SDKs do not retry the first, which
  // would be useless. See docs/differences.md.
  Error no_room_for_item() const;
  Error no_room_for_table() const;

  // Creates a table, with a stream if `description` has a view type for it. Errors: those of
  // Catalog::add; no_room_for_table().
  Result<TablePointer> add_table(TableDescription description);

  // Drops `table` and all its entries. Waits for concurrent reads and writes of its items; later
  // ones fail. Its stream is closed, but can be read for a day. With point-in-time recovery its
  // items become a backup of the system, which is kept for the recovery period. The table is shown
  // as DELETING for options().transition_milliseconds. Errors: table_changed if `table` is not the
  // current version; ResourceInUseException if it is shown as DELETING.
  Result<void> drop_table(const TablePointer& table);

  // Changes `table` to `description` and returns the new version. Indexes that it no longer
  // contains are erased, new ones and a new expiry keyspace are filled with the items that qualify;
  // if the view type of the stream differs, the stream is closed, opened or both. There are no
  // concurrent reads and writes of items meanwhile. Errors: as for drop_table; no_room_for_table(),
  // after which the table is unchanged.
  Result<TablePointer> change_table(const TablePointer& table, TableDescription description);

  // Makes a backup of the current items of `table` under `name`, in a time that does not depend on
  // their number. Errors: as for drop_table; no_room_for_table().
  Result<BackupPointer> back_up_table(const TablePointer& table, std::string name);

  // Deletes a backup and its items. Returns false if it was deleted before.
  bool drop_backup(const BackupPointer& backup);

  // Deletes the backups that are expired at the time `now_milliseconds` since 1970.
  void drop_expired_backups(std::int64_t now_milliseconds);

  // Creates the table `description` with the items of `backup`. Errors: those of add_table;
  // table_changed if the backup was deleted.
  Result<TablePointer> restore_backup(const Backup& backup, TableDescription description);

  // Creates the table `description` with the current items of `table`. Errors: those of add_table;
  // those of drop_table for `table`.
  Result<TablePointer> copy_table(const TablePointer& table, TableDescription description);

  // Calls `visit` for every item that `table` has when this begins, without any lock of the
  // database: concurrent writes neither wait nor change what is visited. Errors: as for drop_table.
  Result<void> visit_items(const TablePointer& table, ItemVisitor visit);

  // As visit_items of a table, for the items of `backup`. Errors: table_changed if it was deleted.
  Result<void> visit_items(const Backup& backup, ItemVisitor visit);

  // Creates the table `description` with the items that `load` passes to its sink; of items with
  // the same key the last one is kept. Other threads find the table meanwhile, and their reads and
  // writes block until `load` is done. An exception of `load` is passed on, and there is no table
  // then. Errors: those of add_table.
  Result<TablePointer> add_loaded_table(TableDescription description, ItemLoader load);

 private:
  // Counts the memory of a new version of a table, and of its stream if that is not the one of
  // `before` (nullptr: a new table). A version that needs no more than `before` is always accepted.
  // Errors: no_room_for_table().
  Result<MemoryCharge> charge_version(const Table* before, const TableDescription& after,
                                      Stream* stream);
  // Fills `table`, which is new and locked exclusively, from the items in `source`. Returns false
  // if there is no room for all.
  bool fill_table(const Table& table, KeyspaceId source, const Counters& counters);
  // The same with the items of `load`.
  bool load_items(const Table& table, ItemLoader load);
  bool fill_indexes(const Table& table);
  // Creates the table `description`, which is locked exclusively while `fill` fills it. If that
  // returns false or throws, there is no table. Errors: those of Catalog::add;
  // no_room_for_table() if `fill` returns false.
  Result<TablePointer> add_filled_table(TableDescription description,
                                        absl::FunctionRef<bool(const Table&)> fill);

  DatabaseOptions options_;
  std::unique_ptr<Engine> engine_;
  StreamRegistry streams_;
  Catalog catalog_;
  KeyLocks key_locks_;
  std::mutex changes_;  // Serializes changes of tables and backups. (add_loaded_table and
                        // visit_items of a table do not take it: they need only the table's lock.)
  TransactionTokens transaction_tokens_;
  BackupRegistry backups_;
  std::atomic<bool> has_large_items_ = false;
};

// Locks `table` shared: it is neither changed nor dropped while the lock is held. No thread may
// hold two such locks of one table. `table` must outlive the lock, and the thread that took the
// lock must release it. Errors: ResourceNotFoundException if the table was dropped; table_changed
// if `table` is not the current version.
Result<std::shared_lock<ReadWriteLock>> lock_table_shared(const Table& table);

// As lock_table_shared, for several tables: each once and in a fixed order, so that two callers
// cannot deadlock.
Result<std::vector<std::shared_lock<ReadWriteLock>>> lock_tables_shared(
    const std::set<const Table*>& tables);

// Returns the error of operations on items for a table that does not exist.
Error table_not_found();

}  // namespace pageturner
