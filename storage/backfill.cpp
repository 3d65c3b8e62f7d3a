#include "storage/backfill.h"

#include "storage/index_changes.h"

namespace ddb {

void fill_index(Engine& engine, const Table& table, const Index& index) {
  constexpr std::size_t items_at_once = 1000;
  KeyRange rest = space_range(table.layout.space);
  bool more = true;
  while (more) {
    WriteBatch batch;
    std::size_t items = 0;
    more = false;
    // The view ends before the commit, which would wait for it.
    engine.read_view()->walk(
        rest, Direction::forward, [&](std::string_view key, std::string_view value) {
          const ItemView item(value);
          if (const auto change = add_index_change(index, nullptr, &item, batch)) {
            count(*change);
          }
          rest.begin = key;
          more = ++items == items_at_once;
          return !more;
        });
    rest.begin += '\0';  // behind the last item
    if (!batch.empty()) engine.commit(std::move(batch));
  }
}

}  // namespace ddb
