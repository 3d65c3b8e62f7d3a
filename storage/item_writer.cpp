#include "storage/item_writer.h"

#include <algorithm>
#include <set>
#include <span>

#include "storage/expiry.h"
#include "storage/stream_changes.h"

namespace pageturner {
namespace {

// Returns a copy of the current item. A copy, so that there is no view when the write is committed:
// the engine would have to copy what it changes.
std::optional<std::string> read_item(Database& database, const ItemWrite& write) {
  const auto view = database.engine().read_view();
  const auto stored = view->get(write.table->layout.space, write.key);
  return stored ? std::optional<std::string>(*stored) : std::nullopt;
}

// The combined changes of several writes.
struct Changes {
  WriteBatch batch;
  StreamChanges streams;
  std::vector<std::size_t> puts;  // indexes of the writes that put an item
};

// Applies the write with the index `place` to `old_stored` and adds its changes to `changes`.
Result<WriteOutcome> apply_write(const ItemWrite& write, std::optional<std::string> old_stored,
                                 std::size_t place, DecodeBuffer& buffer, Changes& changes) {
  auto& [batch, streams, puts] = changes;
  std::optional<StoredItemSource> old_item;
  if (old_stored) old_item.emplace(ItemView(*old_stored), &buffer);
  PAGETURNER_ASSIGN_OR_RETURN(ItemChange change, write.apply(old_item ? &*old_item : nullptr));
  const ItemView* old_pointer = old_item ? &old_item->view() : nullptr;
  WriteOutcome outcome;
  outcome.old_size_bytes = old_pointer != nullptr ? old_pointer->size_bytes() : 0;
  outcome.new_size_bytes = outcome.old_size_bytes;
  if (change.kind == ItemChange::Kind::put) {
    const ItemView new_item(change.stored);
    outcome.new_size_bytes = new_item.size_bytes();
    outcome.is_new_large = change.stored.size() > large_item_bytes;
    outcome.index_changes =
        add_index_changes(*write.table, write.key, old_pointer, &new_item, batch);
    add_expiry_change(*write.table, write.key, old_pointer, &new_item, batch);
    streams.add(*write.table, write.key, old_pointer, &new_item, write.by_time_to_live);
    batch.put(write.table->layout.space, write.key, std::move(change.stored));
    puts.push_back(place);
  } else if (change.kind == ItemChange::Kind::erase && old_stored) {
    outcome.new_size_bytes = 0;
    outcome.index_changes = add_index_changes(*write.table, write.key, old_pointer, nullptr, batch);
    add_expiry_change(*write.table, write.key, old_pointer, nullptr, batch);
    streams.add(*write.table, write.key, old_pointer, nullptr, write.by_time_to_live);
    batch.erase(write.table->layout.space, write.key);
  }
  outcome.old_stored = std::move(old_stored);
  return outcome;
}

void count_write(const Table& table, const WriteOutcome& outcome) {
  const auto size = [](std::size_t bytes) { return static_cast<std::int64_t>(bytes); };
  table.counters->item_count +=
      (outcome.new_size_bytes > 0 ? 1 : 0) - (outcome.old_size_bytes > 0 ? 1 : 0);
  table.counters->size_bytes += size(outcome.new_size_bytes) - size(outcome.old_size_bytes);
  for (const IndexChange& change : outcome.index_changes) count(change);
}

// Makes all of `writes` or none. The caller holds the locks of their tables and items. A previous
// item is dropped before the next one is read, unless `keeps_old`: a hundred of them may have 266
// MB in stored form.
std::vector<Result<WriteOutcome>> write_locked(Database& database,
                                               std::span<const ItemWrite> writes, bool keeps_old) {
  Changes changes;
  DecodeBuffer buffer;
  std::vector<Result<WriteOutcome>> outcomes;
  outcomes.reserve(writes.size());
  for (std::size_t i = 0; i < writes.size(); ++i) {
    auto& outcome = outcomes.emplace_back(
        apply_write(writes[i], read_item(database, writes[i]), i, buffer, changes));
    if (outcome && !keeps_old) outcome->old_stored.reset();
  }
  const bool all_succeed = std::all_of(outcomes.begin(), outcomes.end(),
                                       [](const auto& outcome) { return outcome.has_value(); });
  if (!all_succeed) return outcomes;
  // Deletes free memory, even if their stream records need more at first, so they must not fail.
  const bool must_succeed = changes.puts.empty();
  if (!changes.batch.empty() &&
      !changes.streams.try_commit(database.engine(), std::move(changes.batch), must_succeed)) {
    for (const std::size_t place : changes.puts) outcomes[place] = database.no_room_for_item();
    return outcomes;
  }
  for (std::size_t i = 0; i < writes.size(); ++i) {
    count_write(*writes[i].table, *outcomes[i]);
    if (outcomes[i]->is_new_large) database.note_large_items(*writes[i].table);
  }
  return outcomes;
}

}  // namespace

Result<WriteOutcome> write_item(Database& database, const ItemWrite& write) {
  PAGETURNER_ASSIGN_OR_RETURN(const auto table_guard, lock_table_shared(*write.table));
  const auto key_guard = database.key_locks().lock({write.table->layout.space, write.key});
  if (!key_guard) return transaction_conflict();
  return std::move(write_locked(database, {&write, 1}, true).front());
}

std::vector<Result<WriteOutcome>> write_items(Database& database,
                                              const std::vector<ItemWrite>& writes) {
  std::set<const Table*> tables;
  for (const ItemWrite& write : writes) tables.insert(write.table.get());
  const auto table_guards = lock_tables_shared(tables);
  if (!table_guards) return {writes.size(), table_guards.error()};
  std::vector<FullKey> keys;
  keys.reserve(writes.size());
  for (const ItemWrite& write : writes) keys.push_back({write.table->layout.space, write.key});
  std::vector<bool> conflicts;
  const auto key_guard = database.key_locks().lock_all(keys, conflicts);
  if (key_guard) return write_locked(database, writes, false);
  std::vector<Result<WriteOutcome>> outcomes(writes.size());
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (conflicts[i]) outcomes[i] = transaction_conflict();
  }
  return outcomes;
}

Error transaction_conflict() {
  return {ErrorType::transaction_conflict, "Transaction is ongoing for the item"};
}

}  // namespace pageturner
