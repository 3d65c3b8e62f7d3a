// The DynamoDB model over one storage engine: its tables and what they hold.
#pragma once

#include <absl/functional/function_ref.h>

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
  // The memory that tables, indexes, streams and backups may take; writes that would take more
  // fail. 0: as much as there is.
  std::size_t max_memory_bytes = 0;
};

// Called with an item in stored form, which is valid only during the call.
using ItemVisitor = absl::FunctionRef<void(std::string_view stored)>;

// Takes an item in stored form and its key in the table's layout.
using ItemSink = absl::FunctionRef<void(std::string key, std::string stored)>;

// Gives the items of a new table to `sink`.
using ItemLoader = absl::FunctionRef<void(const Table& table, ItemSink sink)>;

// Thread-safe.
class Database {
 public:
  // An empty database in memory.
  explicit Database(const DatabaseOptions& options = {});
  // An empty database in `engine`, which has to be empty too.
  explicit Database(std::unique_ptr<Engine> engine, const DatabaseOptions& options = {});

  const DatabaseOptions& options() const { return options_; }

  Engine& engine() { return *engine_; }
  Catalog& catalog() { return catalog_; }
  KeyLocks& key_locks() { return key_locks_; }
  StreamRegistry& streams() { return streams_; }
  TransactionTokens& transaction_tokens() { return transaction_tokens_; }
  BackupRegistry& backups() { return backups_; }

  // The table `name_or_arn`, unless it is shown as CREATING or DELETING. Errors:
  // ResourceNotFoundException in the words of the operations on items.
  Result<TablePointer> find_table(std::string_view name_or_arn) const;

  // What is answered where the memory ceiling leaves no room: to a write of an item,
  // ItemCollectionSizeLimitExceededException; to what makes or copies tables,
  // LimitExceededException. These are the errors about room that the service's model gives to
  // either kind of operation, so that every SDK has a class for them; the first is not tried again
  // by itself, which would be in vain. See docs/differences.md.
  Error no_room_for_item() const;
  Error no_room_for_table() const;

  // A new table, with a stream where `description` has a view type for it. Errors: those of
  // Catalog::add; no_room_for_table().
  Result<TablePointer> add_table(TableDescription description);

  // Takes `table` and all its entries away; whatever reads or writes it at the same time either
  // comes before or finds it gone. Its stream is closed, but can be read for a day, and with
  // point-in-time recovery its items become a backup of the system, which is kept as long as the
  // recovery would have gone back. It is shown as DELETING for the time that options() say. Errors:
  // table_changed where this is not the version that counts.
  Result<void> drop_table(const TablePointer& table);

  // Makes `table` what `description` says, for all who come after: indexes that are not in it any
  // more go, new ones are filled with the items that qualify, and so is the expiry space; where the
  // view type of the stream is another one the stream is closed, opened or both. Nobody reads or
  // writes the table meanwhile. Gives the new version. Errors: table_changed, as with drop_table;
  // no_room_for_table(), and the table stays what it is.
  Result<TablePointer> change_table(const TablePointer& table, TableDescription description);

  // Keeps `table` as it is now under `name`. Nobody writes it meanwhile. Errors: table_changed;
  // no_room_for_table().
  Result<BackupPointer> back_up_table(const TablePointer& table, std::string name);

  // Forgets a backup and its items. False where it is gone already.
  bool drop_backup(const BackupPointer& backup);

  // Forgets the backups that have expired at the time `now_milliseconds` since 1970.
  void drop_expired_backups(std::int64_t now_milliseconds);

  // Adds the table `description` with the items of `backup`. Errors: those of add_table;
  // table_changed where the backup has been dropped.
  Result<TablePointer> restore_backup(const Backup& backup, TableDescription description);

  // Adds the table `description` with the items of `table` as they are now. Errors: those of
  // add_table; table_changed.
  Result<TablePointer> copy_table(const TablePointer& table, TableDescription description);

  // Calls `visit` for every item of `table` as it is now. The items are copied first, while nobody
  // writes the table; then everybody goes on, however long `visit` takes. Errors: table_changed;
  // no_room_for_table() for the copy.
  Result<void> visit_items(const TablePointer& table, ItemVisitor visit);

  // The same for the items of `backup`. Errors: table_changed where it has been dropped;
  // no_room_for_table().
  Result<void> visit_items(const Backup& backup, ItemVisitor visit);

  // Adds the table `description` with the items that `load` gives to its sink, the last one of
  // those under one key. Nobody reads the table before they are all there. Errors: those of
  // add_table.
  Result<TablePointer> add_loaded_table(TableDescription description, ItemLoader load);

 private:
  // Fills `table`, which is new and held, from the items in `source`; false where there is no room
  // for all.
  bool fill_table(const Table& table, KeyspaceId source, const Counters& counters);
  // The same with what `load` gives.
  bool load_items(const Table& table, ItemLoader load);
  bool fill_indexes(const Table& table);
  // Takes back `table`, which is new and held by `hold`: half a table must not stay.
  void rollback_new_table(const TablePointer& table, std::unique_lock<ReadWriteLock> lock);

  DatabaseOptions options_;
  std::unique_ptr<Engine> engine_;
  StreamRegistry streams_;
  Catalog catalog_;
  KeyLocks key_locks_;
  std::mutex changes_;  // of tables: one after the other
  TransactionTokens transaction_tokens_;
  BackupRegistry backups_;
};

// Keeps `table` from being changed or dropped for as long as the lock is held, which no thread may
// do twice. Errors: ResourceNotFoundException where it has been dropped; table_changed where it is
// not the version that counts.
Result<std::shared_lock<ReadWriteLock>> lock_table_shared(const Table& table);

// lock_table_shared for several tables: each once and in one order, so that no two callers wait for
// each other.
Result<std::vector<std::shared_lock<ReadWriteLock>>> lock_tables_shared(
    const std::set<const Table*>& tables);

// What operations on items answer where there is no such table.
Error table_not_found();

}  // namespace pageturner
