#include "storage/database.h"

#include <mutex>

#include "protocol/model/shape.h"
#include "storage/backfill.h"
#include "storage/clock.h"
#include "storage/engine/memory_engine.h"
#include "storage/stored_item.h"

namespace ddb {
namespace {

Error table_changed() { return {ErrorType::table_changed, "the table has been changed"}; }

// Refuses to change or copy a table whose life the caller holds alone, but which is not the version
// that counts.
Result<void> check_current(const Table& table) {
  if (table.life->current == &table) return {};
  if (table.description.transition.status != Status::deleting) return table_changed();
  return Error{ErrorType::resource_in_use,
               "Attempt to change a resource which is still in use: Table is being deleted: " +
                   table.description.name};
}

// A backup of `table` as it is now, which has no place and no id yet.
Backup backup_of(const Table& table, std::string name) {
  Backup backup;
  backup.created_milliseconds = now_milliseconds();
  backup.name = std::move(name);
  backup.table = table.description;
  backup.item_count = table.counters->item_count;
  backup.size_bytes = table.counters->size_bytes;
  return backup;
}

// A space that is emptied when this goes.
class TemporarySpace {
 public:
  TemporarySpace(Engine& engine, SpaceId space) : engine_(engine), space_(space) {}
  ~TemporarySpace() { erase_space(engine_, space_); }
  TemporarySpace(const TemporarySpace&) = delete;
  TemporarySpace& operator=(const TemporarySpace&) = delete;

  SpaceId space() const { return space_; }

 private:
  Engine& engine_;
  const SpaceId space_;
};

}  // namespace

Database::Database(const DatabaseOptions& options)
    : Database(std::make_unique<MemoryEngine>(), options) {}

Database::Database(std::unique_ptr<Engine> engine, const DatabaseOptions& options)
    : options_(options), engine_(std::move(engine)), streams_(*engine_, options.streams) {}

Result<TablePointer> Database::find_table(std::string_view name_or_arn) const {
  TablePointer table = catalog_.find(table_name_of(name_or_arn));
  if (table == nullptr) return table_not_found();
  const Transition& transition = table->description.transition;
  const bool comes_or_goes =
      transition.status == Status::creating || transition.status == Status::deleting;
  if (comes_or_goes && !transition.is_over(now_milliseconds())) return table_not_found();
  return table;
}

Result<TablePointer> Database::add_table(TableDescription description) {
  const std::lock_guard change(changes_);
  const StreamPointer stream = streams_.next_stream(nullptr, description);
  DDB_ASSIGN(const TablePointer table, catalog_.add(std::move(description), stream));
  streams_.replace(nullptr, stream);
  return table;
}

Result<void> Database::drop_table(const TablePointer& table) {
  const std::lock_guard change(changes_);
  const std::unique_lock guard(table->life->lock);
  DDB_CHECK(check_current(*table));
  if (options_.transition_milliseconds > 0) {
    TableDescription deleted = table->description;
    deleted.transition = {Status::deleting, now_milliseconds() + options_.transition_milliseconds};
    deleted.time_to_live_attribute.clear();  // there is nothing left to expire
    catalog_.replace(table, catalog_.make_version(*table, std::move(deleted), nullptr));
  } else {
    catalog_.remove(table);
  }
  table->life->current = nullptr;
  streams_.replace(table->stream, nullptr);
  if (const auto& recovery = table->description.point_in_time_recovery) {
    constexpr std::int64_t day_milliseconds = 86'400'000;
    Backup backup = backup_of(*table, table->description.name + "$DeletedTableBackup");
    backup.expires_milliseconds =
        backup.created_milliseconds + recovery->period_days * day_milliseconds;
    backup.space = table->layout.space;  // nobody else will ever use it
    backups_.add(std::move(backup));
  } else {
    erase_space(*engine_, table->layout.space);
  }
  for (const auto& index : table->indexes) erase_space(*engine_, index->layout.space);
  if (table->has_time_to_live()) erase_space(*engine_, table->expiry_space);
  return {};
}

Result<TablePointer> Database::change_table(const TablePointer& table,
                                            TableDescription description) {
  const std::lock_guard change(changes_);
  const std::unique_lock guard(table->life->lock);
  DDB_CHECK(check_current(*table));
  const StreamPointer stream = streams_.next_stream(table.get(), description);
  const TablePointer changed = catalog_.make_version(*table, std::move(description), stream);
  for (const auto& index : table->indexes) {
    if (changed->find_index(index->description.name) != nullptr) continue;
    erase_space(*engine_, index->layout.space);
  }
  for (const auto& index : changed->indexes) {
    if (table->find_index(index->description.name) != nullptr) continue;
    fill_index(*engine_, *changed, *index);
  }
  if (changed->expiry_space != table->expiry_space) {
    if (table->has_time_to_live()) erase_space(*engine_, table->expiry_space);
    if (changed->has_time_to_live()) fill_expiry_space(*engine_, *changed);
  }
  streams_.replace(table->stream, stream);
  table->life->current = changed.get();
  catalog_.replace(table, changed);
  return changed;
}

Result<BackupPointer> Database::back_up_table(const TablePointer& table, std::string name) {
  const std::lock_guard change(changes_);
  const std::unique_lock guard(table->life->lock);
  DDB_CHECK(check_current(*table));
  Backup backup = backup_of(*table, std::move(name));
  backup.space = catalog_.new_space();
  copy_space(*engine_, table->layout.space, backup.space);
  return backups_.add(std::move(backup));
}

bool Database::drop_backup(const BackupPointer& backup) {
  const std::lock_guard change(changes_);  // not while it is being restored
  if (!backups_.remove(backup)) return false;
  erase_space(*engine_, backup->space);
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

void Database::fill_table(const Table& table, SpaceId source, const Counters& counters) {
  copy_space(*engine_, source, table.layout.space);
  table.counters->item_count = counters.item_count.load();
  table.counters->size_bytes = counters.size_bytes.load();
  for (const auto& index : table.indexes) fill_index(*engine_, table, *index);
}

Result<TablePointer> Database::restore_backup(const Backup& backup, TableDescription description) {
  const std::lock_guard change(changes_);
  if (backups_.find(backup.id) == nullptr) return table_changed();  // it was dropped: look again
  std::unique_lock<ReadWriteLock> hold;
  DDB_ASSIGN(const TablePointer table, catalog_.add(std::move(description), nullptr, &hold));
  Counters counters;
  counters.item_count = backup.item_count;
  counters.size_bytes = backup.size_bytes;
  fill_table(*table, backup.space, counters);
  return table;
}

Result<TablePointer> Database::copy_table(const TablePointer& table, TableDescription description) {
  const std::lock_guard change(changes_);
  // Alone, not shared: writes wait until all is copied.
  const std::unique_lock guard(table->life->lock);
  DDB_CHECK(check_current(*table));
  std::unique_lock<ReadWriteLock> hold;
  DDB_ASSIGN(const TablePointer copy, catalog_.add(std::move(description), nullptr, &hold));
  fill_table(*copy, table->layout.space, *table->counters);
  return copy;
}

Result<void> Database::visit_items(const TablePointer& table, ItemVisitor visit) {
  TemporarySpace copy(*engine_, catalog_.new_space());
  {
    const std::unique_lock guard(table->life->lock);
    DDB_CHECK(check_current(*table));
    copy_space(*engine_, table->layout.space, copy.space());
  }
  visit_values(*engine_, copy.space(), visit);
  return {};
}

Result<void> Database::visit_items(const Backup& backup, ItemVisitor visit) {
  TemporarySpace copy(*engine_, catalog_.new_space());
  {
    const std::lock_guard change(changes_);
    if (backups_.find(backup.id) == nullptr) return table_changed();
    copy_space(*engine_, backup.space, copy.space());
  }
  visit_values(*engine_, copy.space(), visit);
  return {};
}

void Database::load_items(const Table& table, ItemLoader load) {
  WriteBatch batch;
  std::size_t bytes = 0;
  load(table, [&](std::string key, std::string stored) {
    constexpr std::size_t bytes_at_once = 1024 * 1024;
    bytes += key.size() + stored.size();
    batch.put(std::move(key), std::move(stored));
    if (bytes < bytes_at_once) return;
    engine_->commit(std::exchange(batch, {}));
    bytes = 0;
  });
  engine_->commit(std::move(batch));
  // Counted only now, because one item may have taken the place of another.
  visit_values(*engine_, table.layout.space, [&](std::string_view stored) {
    ++table.counters->item_count;
    table.counters->size_bytes += static_cast<std::int64_t>(ItemView(stored).size_bytes());
  });
  for (const auto& index : table.indexes) fill_index(*engine_, table, *index);
}

Result<TablePointer> Database::add_loaded_table(TableDescription description, ItemLoader load) {
  std::unique_lock<ReadWriteLock> hold;
  DDB_ASSIGN(const TablePointer table, catalog_.add(std::move(description), nullptr, &hold));
  try {
    load_items(*table, load);
  } catch (...) {
    // Half a table must not stay: there may be no memory for all of it.
    catalog_.remove(table);
    table->life->current = nullptr;
    erase_space(*engine_, table->layout.space);
    for (const auto& index : table->indexes) erase_space(*engine_, index->layout.space);
    throw;
  }
  return table;
}

Result<std::shared_lock<ReadWriteLock>> hold_table(const Table& table) {
  std::shared_lock guard(table.life->lock);
  if (table.life->current == &table) return guard;
  if (table.life->current == nullptr) return table_not_found();
  return table_changed();
}

Result<std::vector<std::shared_lock<ReadWriteLock>>> hold_tables(
    const std::set<const Table*>& tables) {
  std::map<const TableLife*, const Table*> by_life;
  for (const Table* table : tables) {
    // Two versions of one table were found: it was changed in between, and has one lock.
    if (!by_life.emplace(table->life.get(), table).second) return table_changed();
  }
  std::vector<std::shared_lock<ReadWriteLock>> guards;
  guards.reserve(by_life.size());
  for (const auto& [life, table] : by_life) {
    DDB_ASSIGN(std::shared_lock guard, hold_table(*table));
    guards.push_back(std::move(guard));
  }
  return guards;
}

Error table_not_found() { return {ErrorType::resource_not_found, "Requested resource not found"}; }

}  // namespace ddb
