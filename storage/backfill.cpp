#include "storage/backfill.h"

#include "protocol/text.h"
#include "storage/expiry.h"
#include "storage/index_changes.h"

namespace pageturner {
namespace {

// Visits the first entries of `rest` and sets rest.begin behind them. Returns whether there were
// any. A part is limited because one view or commit of a large table would block all other threads.
template <class Visit>
bool visit_part(const Engine& engine, KeyRange& rest, Visit visit) {
  constexpr std::size_t entries_at_once = 1000;
  constexpr std::size_t bytes_at_once = 1'000'000;  // the last entry may exceed it
  std::size_t entries = 0;
  std::size_t bytes = 0;
  engine.read_view()->walk(rest, Direction::forward,
                           [&](std::string_view key, std::string_view value) {
                             visit(key, value);
                             rest.begin = key;
                             bytes += key.size() + value.size();
                             return ++entries < entries_at_once && bytes < bytes_at_once;
                           });
  rest.begin += '\0';  // behind the last entry
  return entries > 0;
}

// Visits all entries of a keyspace, in parts: `visit` adds to the batch that is committed after
// each part. The view of a part is destroyed before the commit, which would wait for it. Returns
// false if the engine has no room for a part.
template <class Visit>
bool for_each_entry(Engine& engine, KeyspaceId space, Visit visit) {
  KeyRange rest = space_range(space);
  bool more = true;
  while (more) {
    WriteBatch batch;
    more = visit_part(engine, rest, [&](std::string_view key, std::string_view value) {
      visit(key, value, batch);
    });
    if (!batch.empty() && !engine.try_commit(std::move(batch))) return false;
  }
  return true;
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

void visit_values(Engine& engine, KeyspaceId space,
                  absl::FunctionRef<void(std::string_view value)> visit) {
  KeyRange rest = space_range(space);
  std::vector<std::string> values;
  const auto keep = [&](std::string_view, std::string_view value) { values.emplace_back(value); };
  while (visit_part(engine, rest, keep)) {
    for (const std::string& value : values) visit(value);
    values.clear();
  }
}

bool copy_space(Engine& engine, KeyspaceId from, KeyspaceId to) {
  const std::size_t prefix_length = space_range(from).begin.size();
  const std::string prefix = space_range(to).begin;
  return for_each_entry(engine, from,
                        [&](std::string_view key, std::string_view value, WriteBatch& batch) {
                          batch.put(concat(prefix, key.substr(prefix_length)), std::string(value));
                        });
}

void erase_space(Engine& engine, KeyspaceId space) noexcept {
  // Its bounds are so short that the strings allocate nothing.
  const KeyRange range = space_range(space);
  while (engine.erase_part(range)) {
  }
}

}  // namespace pageturner
