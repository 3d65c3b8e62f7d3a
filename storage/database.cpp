#include "storage/database.h"

#include <mutex>

#include "protocol/model/shape.h"
#include "storage/engine/memory_engine.h"

namespace ddb {
namespace {

// Empties a space that nobody sees any more, a part at a time: one commit for all of a large table
// would hold up everybody else for as long as it takes to free it.
void erase_space(Engine& engine, SpaceId space) {
  constexpr std::size_t keys_at_once = 1000;
  KeyRange rest = space_range(space);
  while (true) {
    std::size_t keys = 0;
    KeyRange part{rest.begin, rest.begin};
    engine.read_view()->walk(rest, Direction::forward, [&](std::string_view key, std::string_view) {
      part.end = key;
      return ++keys < keys_at_once;
    });
    if (keys == 0) return;
    part.end += '\0';  // the last key itself goes too
    rest.begin = part.end;
    WriteBatch batch;
    batch.erase_range(std::move(part));
    engine.commit(std::move(batch));
  }
}

}  // namespace

Database::Database() : Database(std::make_unique<MemoryEngine>()) {}

Database::Database(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}

Result<TablePointer> Database::find_table(std::string_view name_or_arn) const {
  TablePointer table = catalog_.find(table_name_of(name_or_arn));
  if (table == nullptr) return table_not_found();
  return table;
}

bool Database::drop_table(const TablePointer& table) {
  if (!catalog_.remove(table)) return false;
  const std::unique_lock guard(table->lifetime_lock);
  table->dropped = true;
  erase_space(*engine_, table->layout.space);
  for (const auto& index : table->indexes) erase_space(*engine_, index->layout.space);
  return true;
}

Result<std::shared_lock<ReadWriteLock>> hold_table(const Table& table) {
  std::shared_lock guard(table.lifetime_lock);
  if (table.dropped) return table_not_found();
  return guard;
}

Result<std::vector<std::shared_lock<ReadWriteLock>>> hold_tables(
    const std::set<const Table*>& tables) {
  std::vector<std::shared_lock<ReadWriteLock>> guards;
  guards.reserve(tables.size());
  for (const Table* table : tables) {
    DDB_ASSIGN(std::shared_lock guard, hold_table(*table));
    guards.push_back(std::move(guard));
  }
  return guards;
}

Error table_not_found() { return {ErrorType::resource_not_found, "Requested resource not found"}; }

}  // namespace ddb
