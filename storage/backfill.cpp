#include "storage/backfill.h"

#include <utility>

#include "storage/expiry.h"
#include "storage/index_changes.h"

namespace pageturner {
namespace {

// Visits all entries of a keyspace as they are now: `visit` adds to a batch that is committed in
// parts, so that other commits wait for one part only. Returns false if the engine has no room for
// a part.
template <class Visit>
bool for_each_entry(Engine& engine, KeyspaceId space, Visit visit) {
  constexpr std::size_t bytes_at_once = 1'000'000;  // the last entry may exceed it
  constexpr std::size_t changes_at_once = 1000;
  WriteBatch batch;
  std::size_t bytes = 0;
  bool has_room = true;
  engine.read_view()->walk(
      space, {}, Direction::forward, [&](std::string_view key, std::string_view value) {
        visit(key, value, batch);
        bytes += key.size() + value.size();
        const bool is_whole = bytes >= bytes_at_once || batch.changes().size() >= changes_at_once;
        if (!is_whole) return true;
        bytes = 0;
        has_room = engine.try_commit(std::exchange(batch, {}));
        return has_room;
      });
  return has_room && (batch.empty() || engine.try_commit(std::move(batch)));
}

}  // namespace

bool fill_index(Engine& engine, const Table& table, const Index& index) {
  return for_each_entry(
      engine, table.layout.space,
      [&](std::string_view key, std::string_view value, WriteBatch& batch) {
        const ItemView item(value);
        ItemKey item_key(table.layout, key);
        if (const auto change = add_index_change(index, item_key, nullptr, &item, batch)) {
          count(*change);
        }
      });
}

bool fill_expiry_space(Engine& engine, const Table& table) {
  return for_each_entry(engine, table.layout.space,
                        [&](std::string_view key, std::string_view value, WriteBatch& batch) {
                          const ItemView item(value);
                          add_expiry_change(table, key, nullptr, &item, batch);
                        });
}

}  // namespace pageturner
