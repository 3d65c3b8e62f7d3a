#include "storage/database.h"

#include <absl/cleanup/cleanup.h>

#include <algorithm>
#include <limits>
#include <mutex>

#include "protocol/arn.h"
#include "protocol/text.h"
#include "storage/backfill.h"
#include "storage/clock.h"
#include "storage/engine/memory_engine.h"
#include "storage/memory_bytes.h"
#include "storage/stored_item.h"

namespace pageturner {
namespace {

Error table_changed() { return {ErrorType::table_changed, "the table has been changed"}; }

// Checks that `table` is the current version. The caller holds the table lock exclusively. Errors:
// table_changed; ResourceInUseException for a table that is shown as DELETING.
Result<void> check_current(const Table& table) {
  if (table.state->current_version == &table) return {};
  if (table.description.transition.status != Status::deleting) return table_changed();
  return Error{
      ErrorType::resource_in_use,
      concat("Attempt to change a resource which is still in use: Table is being deleted: ",
             table.description.name)};
}

// The part of the memory ceiling that tokens of transactions may take beyond it, so that
// transactions that delete succeed where the data has reached the ceiling.
constexpr std::size_t token_share = 16;

// Converts max_memory_bytes to the limit of an engine.
std::size_t size_bytes_max(const DatabaseOptions& options) {
  return options.max_memory_bytes == 0 ? std::numeric_limits<std::size_t>::max()
                                       : options.max_memory_bytes;
}

std::string no_room_text(const DatabaseOptions& options) {
  return concat("the data of the emulator has reached the memory ceiling of ",
                options.max_memory_bytes, " bytes. Delete items, tables or backups to free memory");
}

// A backup of the current state of `table`, without keyspace and id.
Backup backup_of(const Table& table, std::string name) {
  Backup backup;
  backup.created_milliseconds = now_milliseconds();
  backup.name = std::move(name);
  backup.table = table.shared_description;
  backup.item_count = table.counters->item_count;
  backup.size_bytes = table.counters->size_bytes;
  backup.has_large_items = table.counters->has_large_items;
  return backup;
}

// The memory of a backup beside the description of its table, with its place in the registry.
std::size_t backup_bytes(const Backup& backup) {
  constexpr std::size_t ids_and_node_bytes = 192;
  return allocation_bytes(sizeof backup) + owned_bytes(backup.name) + ids_and_node_bytes;
}

// The backup that replaces `table`, which has point-in-time recovery, when it is dropped.
Backup system_backup_of(Engine& engine, const Table& table) {
  constexpr std::int64_t day_milliseconds = 86'400'000;
  Backup backup = backup_of(table, concat(table.description.name, "$DeletedTableBackup"));
  backup.expires_milliseconds =
      backup.created_milliseconds +
      table.description.point_in_time_recovery->period_days * day_milliseconds;
  backup.space = table.layout.space;  // no other table will use it
  backup.charge = MemoryCharge::always(engine, backup_bytes(backup));
  return backup;
}

// Fills the indexes and the expiry keyspace that `after` has and `before` does not have. Returns
// false if there is no room for all of them.
bool fill_new_spaces(Engine& engine, const Table& before, const Table& after) {
  for (const auto& index : after.indexes) {
    if (before.find_index(index->description.name) != nullptr) continue;
    if (!fill_index(engine, after, *index)) return false;
  }
  const bool has_new_expiry = after.has_time_to_live() && after.expiry_space != before.expiry_space;
  return !has_new_expiry || fill_expiry_space(engine, after);
}

// Erases the indexes and the expiry keyspace that `after` has and `before` does not have.
void erase_new_spaces(Engine& engine, const Table& before, const Table& after) {
  for (const auto& index : after.indexes) {
    if (before.find_index(index->description.name) != nullptr) continue;
    engine.erase_space(index->layout.space);
  }
  if (after.has_time_to_live() && after.expiry_space != before.expiry_space) {
    engine.erase_space(after.expiry_space);
  }
}

// Makes `to`, which is empty, a copy of `from`. Returns false if there is no room for it.
bool copy_space(Engine& engine, KeyspaceId from, KeyspaceId to) {
  WriteBatch batch;
  batch.copy_space(from, to);
  return engine.try_commit(std::move(batch));
}

// Calls `visit` with the items of the keyspace `space` as `view` shows them.
void visit_space(const ReadView& view, KeyspaceId space, ItemVisitor visit) {
  view.walk(space, {}, Direction::forward, [&](std::string_view, std::string_view stored) {
    visit(stored);
    return true;
  });
}

}  // namespace

Database::Database(const DatabaseOptions& options)
    : Database(std::make_unique<MemoryEngine>(size_bytes_max(options)), options) {}

Database::Database(std::unique_ptr<Engine> engine, const DatabaseOptions& options)
    : options_(options),
      engine_(std::move(engine)),
      streams_(*engine_, options.streams),
      transaction_tokens_(*engine_, options.max_memory_bytes / token_share) {}

Result<TablePointer> Database::find_table(std::string_view name_or_arn) const {
  TablePointer table = catalog_.find(table_name_of(name_or_arn));
  if (table == nullptr) return table_not_found();
  const Transition& transition = table->description.transition;
  const bool is_being_created_or_deleted =
      transition.status == Status::creating || transition.status == Status::deleting;
  if (is_being_created_or_deleted && !transition.is_over(now_milliseconds()))
    return table_not_found();
  return table;
}

void Database::note_large_items(const Table& table) {
  if (table.counters->has_large_items.load(std::memory_order_relaxed)) return;
  table.counters->has_large_items = true;
  has_large_items_ = true;
}

bool Database::has_large_items(std::string_view name_or_arn) const {
  const TablePointer table = catalog_.find(table_name_of(name_or_arn));
  return table != nullptr && table->counters->has_large_items;
}

Error Database::no_room_for_item() const {
  return {ErrorType::item_collection_size_limit_exceeded,
          concat("Collection size exceeded: ", no_room_text(options_))};
}

Error Database::no_room_for_table() const {
  return {ErrorType::limit_exceeded, concat("Subscriber limit exceeded: ", no_room_text(options_))};
}

Result<MemoryCharge> Database::charge_memory(std::size_t bytes) {
  auto charge = MemoryCharge::attempt(*engine_, bytes);
  if (!charge) return no_room_for_table();
  return *std::move(charge);
}

Result<MemoryCharge> Database::charge_version(const Table* before, const TableDescription& after,
                                              Stream* stream) {
  const bool is_new_stream =
      stream != nullptr && (before == nullptr || stream != before->stream.get());
  if (is_new_stream && !stream->charge_memory()) return no_room_for_table();
  const std::size_t bytes_before = before != nullptr ? version_bytes(before->description) : 0;
  auto charge = MemoryCharge::replace(*engine_, version_bytes(after), bytes_before);
  if (!charge) return no_room_for_table();
  return *std::move(charge);
}

Result<TablePointer> Database::add_table(TableDescription description) {
  const std::lock_guard change(changes_);
  catalog_.remove_deleted();
  PAGETURNER_RETURN_IF_ERROR(catalog_.check_new(description.name));
  const StreamPointer stream = streams_.next_stream(nullptr, description);
  PAGETURNER_ASSIGN_OR_RETURN(MemoryCharge charge,
                              charge_version(nullptr, description, stream.get()));
  // First, because nothing may fail once other threads can find the table.
  streams_.replace(nullptr, stream);
  absl::Cleanup remove_stream = [&] {
    if (stream != nullptr) streams_.remove(*stream);
  };
  PAGETURNER_ASSIGN_OR_RETURN(
      TablePointer table, catalog_.add(std::move(description), stream, nullptr, std::move(charge)));
  std::move(remove_stream).Cancel();
  return table;
}

Result<void> Database::drop_table(const TablePointer& table) {
  const std::lock_guard change(changes_);
  const std::unique_lock guard(table->state->lock);
  PAGETURNER_RETURN_IF_ERROR(check_current(*table));
  TablePointer deleting;  // the version that is shown as DELETING
  if (options_.transition_milliseconds > 0) {
    TableDescription deleted = table->description;
    deleted.transition = {Status::deleting, now_milliseconds() + options_.transition_milliseconds};
    deleted.time_to_live_attribute.clear();  // no item is left to expire
    MemoryCharge charge = MemoryCharge::always(*engine_, version_bytes(deleted));
    deleting = catalog_.make_version(*table, std::move(deleted), nullptr, std::move(charge));
  }
  const bool becomes_backup = table->description.point_in_time_recovery.has_value();
  if (becomes_backup) backups_.add(system_backup_of(*engine_, *table));
  // Nothing from here on can fail.
  if (deleting != nullptr) {
    catalog_.replace(table, std::move(deleting));
  } else {
    catalog_.remove(table);
  }
  table->state->current_version = nullptr;
  streams_.replace(table->stream, nullptr);
  if (!becomes_backup) engine_->erase_space(table->layout.space);
  for (const auto& index : table->indexes) engine_->erase_space(index->layout.space);
  if (table->has_time_to_live()) engine_->erase_space(table->expiry_space);
  return {};
}

Result<TablePointer> Database::change_table(const TablePointer& table,
                                            TableDescription description) {
  const std::lock_guard change(changes_);
  const std::unique_lock guard(table->state->lock);
  PAGETURNER_RETURN_IF_ERROR(check_current(*table));
  const StreamPointer stream = streams_.next_stream(table.get(), description);
  PAGETURNER_ASSIGN_OR_RETURN(MemoryCharge charge,
                              charge_version(table.get(), description, stream.get()));
  const TablePointer changed =
      catalog_.make_version(*table, std::move(description), stream, std::move(charge));
  absl::Cleanup undo = [&] { erase_new_spaces(*engine_, *table, *changed); };
  // New keyspaces are filled before old ones are erased, because there may be no room for them.
  if (!fill_new_spaces(*engine_, *table, *changed)) return no_room_for_table();
  streams_.replace(table->stream, stream);
  // Nothing from here on can fail.
  std::move(undo).Cancel();
  erase_new_spaces(*engine_, *changed, *table);
  table->state->current_version = changed.get();
  catalog_.replace(table, changed);
  return changed;
}

Result<BackupPointer> Database::back_up_table(const TablePointer& table, std::string name) {
  const std::lock_guard change(changes_);
  const std::unique_lock guard(table->state->lock);
  PAGETURNER_RETURN_IF_ERROR(check_current(*table));
  Backup backup = backup_of(*table, std::move(name));
  PAGETURNER_ASSIGN_OR_RETURN(backup.charge, charge_memory(backup_bytes(backup)));
  backup.space = catalog_.new_space();
  absl::Cleanup erase_copy = [this, space = backup.space] { engine_->erase_space(space); };
  if (!copy_space(*engine_, table->layout.space, backup.space)) return no_room_for_table();
  BackupPointer added = backups_.add(std::move(backup));
  std::move(erase_copy).Cancel();
  return added;
}

bool Database::drop_backup(const BackupPointer& backup) {
  const std::lock_guard change(changes_);  // not while it is being restored
  if (!backups_.remove(backup)) return false;
  engine_->erase_space(backup->space);
  return true;
}

void Database::drop_expired_backups(std::int64_t now_milliseconds) {
  if (!backups_.has_expiring()) return;
  for (const BackupPointer& backup : backups_.all()) {
    if (backup->is_of_system() && *backup->expires_milliseconds <= now_milliseconds) {
      drop_backup(backup);
    }
  }
}

bool Database::fill_table(const Table& table, KeyspaceId source, const Counters& counters) {
  table.counters->item_count = counters.item_count.load();
  table.counters->size_bytes = counters.size_bytes.load();
  if (counters.has_large_items) note_large_items(table);
  return copy_space(*engine_, source, table.layout.space) && fill_indexes(table);
}

bool Database::fill_indexes(const Table& table) {
  return std::all_of(table.indexes.begin(), table.indexes.end(),
                     [&](const auto& index) { return fill_index(*engine_, table, *index); });
}

Result<TablePointer> Database::add_filled_table(TableDescription description,
                                                absl::FunctionRef<bool(const Table&)> fill) {
  catalog_.remove_deleted();
  PAGETURNER_ASSIGN_OR_RETURN(MemoryCharge charge, charge_version(nullptr, description, nullptr));
  std::unique_lock<ReadWriteLock> lock;
  PAGETURNER_ASSIGN_OR_RETURN(
      TablePointer table, catalog_.add(std::move(description), nullptr, &lock, std::move(charge)));
  absl::Cleanup rollback = [&] {
    catalog_.remove(table);
    table->state->current_version = nullptr;
    engine_->erase_space(table->layout.space);
    for (const auto& index : table->indexes) engine_->erase_space(index->layout.space);
    lock.unlock();  // before the last pointer to the table, which owns the lock, is destroyed
  };
  if (!fill(*table)) return no_room_for_table();
  std::move(rollback).Cancel();
  lock.unlock();
  return table;
}

Result<TablePointer> Database::restore_backup(const Backup& backup, TableDescription description) {
  const std::lock_guard change(changes_);
  if (backups_.find(backup.id) == nullptr)
    return table_changed();  // it was deleted: the caller looks it up again
  Counters counters;
  counters.item_count = backup.item_count;
  counters.size_bytes = backup.size_bytes;
  counters.has_large_items = backup.has_large_items;
  return add_filled_table(std::move(description), [&](const Table& table) {
    return fill_table(table, backup.space, counters);
  });
}

Result<TablePointer> Database::copy_table(const TablePointer& table, TableDescription description) {
  const std::lock_guard change(changes_);
  // Exclusively: writes wait until all items are copied.
  const std::unique_lock guard(table->state->lock);
  PAGETURNER_RETURN_IF_ERROR(check_current(*table));
  return add_filled_table(std::move(description), [&](const Table& copy) {
    return fill_table(copy, table->layout.space, *table->counters);
  });
}

Result<void> Database::visit_items(const TablePointer& table, ItemVisitor visit) {
  std::unique_ptr<ReadView> view;
  {
    const std::shared_lock guard(table->state->lock);
    PAGETURNER_RETURN_IF_ERROR(check_current(*table));
    view = engine_->read_view();
  }
  visit_space(*view, table->layout.space, visit);
  return {};
}

Result<void> Database::visit_items(const Backup& backup, ItemVisitor visit) {
  std::unique_ptr<ReadView> view;
  {
    const std::lock_guard change(changes_);
    if (backups_.find(backup.id) == nullptr) return table_changed();
    view = engine_->read_view();
  }
  visit_space(*view, backup.space, visit);
  return {};
}

bool Database::load_items(const Table& table, ItemLoader load) {
  WriteBatch batch;
  std::size_t bytes = 0;
  bool has_room = true;
  load(table, [&](std::string key, std::string stored) {
    constexpr std::size_t bytes_at_once = 1024 * 1024;
    constexpr std::size_t changes_at_once = 1000;
    if (!has_room) return;
    bytes += key.size() + stored.size();
    batch.put(table.layout.space, std::move(key), std::move(stored));
    if (bytes < bytes_at_once && batch.changes().size() < changes_at_once) return;
    has_room = engine_->try_commit(std::exchange(batch, {}));
    bytes = 0;
  });
  if (!has_room || !engine_->try_commit(std::move(batch))) return false;
  // Counted at the end, because an item may have replaced another.
  visit_space(*engine_->read_view(), table.layout.space, [&](std::string_view stored) {
    ++table.counters->item_count;
    table.counters->size_bytes += static_cast<std::int64_t>(ItemView(stored).size_bytes());
    if (stored.size() > large_item_bytes) note_large_items(table);
  });
  return fill_indexes(table);
}

Result<TablePointer> Database::add_loaded_table(TableDescription description, ItemLoader load) {
  return add_filled_table(std::move(description),
                          [&](const Table& table) { return load_items(table, load); });
}

Result<std::shared_lock<ReadWriteLock>> lock_table_shared(const Table& table) {
  std::shared_lock guard(table.state->lock);
  if (table.state->current_version == &table) return guard;
  if (table.state->current_version == nullptr) return table_not_found();
  return table_changed();
}

Result<std::vector<std::shared_lock<ReadWriteLock>>> lock_tables_shared(
    const std::set<const Table*>& tables) {
  std::map<const TableState*, const Table*> by_state;
  for (const Table* table : tables) {
    // Two versions of one table: it was changed between two lookups, and has one lock.
    if (!by_state.emplace(table->state.get(), table).second) return table_changed();
  }
  std::vector<std::shared_lock<ReadWriteLock>> guards;
  guards.reserve(by_state.size());
  for (const auto& [state, table] : by_state) {
    PAGETURNER_ASSIGN_OR_RETURN(std::shared_lock guard, lock_table_shared(*table));
    guards.push_back(std::move(guard));
  }
  return guards;
}

Error table_not_found() { return {ErrorType::resource_not_found, "Requested resource not found"}; }

}  // namespace pageturner
