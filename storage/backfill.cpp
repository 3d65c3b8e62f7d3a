#include "storage/backfill.h"

#include "storage/expiry.h"
#include "storage/index_changes.h"

namespace ddb {
namespace {

// Visits all entries of a space, in parts: `visit` adds to the batch that is committed after each
// part. The view of a part ends before its commit, which would wait for it.
template <class Visit>
void for_each_entry(Engine& engine, SpaceId space, Visit visit) {
  constexpr std::size_t entries_at_once = 1000;
  KeyRange rest = space_range(space);
  bool more = true;
  while (more) {
    WriteBatch batch;
    std::size_t entries = 0;
    more = false;
    engine.read_view()->walk(rest, Direction::forward,
                             [&](std::string_view key, std::string_view value) {
                               visit(key, value, batch);
                               rest.begin = key;
                               more = ++entries == entries_at_once;
                               return !more;
                             });
    rest.begin += '\0';  // behind the last entry
    if (!batch.empty()) engine.commit(std::move(batch));
  }
}

}  // namespace

void fill_index(Engine& engine, const Table& table, const Index& index) {
  for_each_entry(engine, table.layout.space,
                 [&](std::string_view, std::string_view value, WriteBatch& batch) {
                   const ItemView item(value);
                   if (const auto change = add_index_change(index, nullptr, &item, batch)) {
                     count(*change);
                   }
                 });
}

void fill_expiry_space(Engine& engine, const Table& table) {
  for_each_entry(engine, table.layout.space,
                 [&](std::string_view key, std::string_view value, WriteBatch& batch) {
                   const ItemView item(value);
                   add_expiry_change(table, key, nullptr, &item, batch);
                 });
}

void visit_values(Engine& engine, SpaceId space,
                  absl::FunctionRef<void(std::string_view value)> visit) {
  for_each_entry(engine, space,
                 [&](std::string_view, std::string_view value, WriteBatch&) { visit(value); });
}

void copy_space(Engine& engine, SpaceId from, SpaceId to) {
  const std::size_t prefix_length = space_range(from).begin.size();
  const std::string prefix = space_range(to).begin;
  for_each_entry(engine, from,
                 [&](std::string_view key, std::string_view value, WriteBatch& batch) {
                   batch.put(prefix + std::string(key.substr(prefix_length)), std::string(value));
                 });
}

}  // namespace ddb
