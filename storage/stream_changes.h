// The stream records of a write.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "storage/catalog.h"
#include "storage/engine/engine.h"
#include "storage/stored_item.h"
#include "storage/stream.h"

namespace pageturner {

// Whether two items are equal as conditions define it: sets regardless of order.
bool equal_items(ItemView left, ItemView right);

// The records of one write or one transaction, before they are committed.
class StreamChanges {
 public:
  // Adds the record for the change from `old_item` to `new_item` (nullptr: there is none) of the
  // item with the key `item_key`. Does nothing if the table has no stream or the items are equal.
  void add(const Table& table, std::string_view item_key, const ItemView* old_item,
           const ItemView* new_item, bool by_time_to_live);

  // Commits `batch` and the records atomically; records get their numbers in the order of add().
  // Returns false if the engine has no room for them; nothing changes then, except that some
  // numbers are skipped. With `must_succeed` it ignores the memory ceiling. Requires (not checked):
  // it is called once.
  [[nodiscard]] bool try_commit(Engine& engine, WriteBatch batch, bool must_succeed);

 private:
  struct Change {
    StreamPointer stream;
    std::uint32_t shard;
    std::int64_t created_milliseconds;
    std::string record;  // in stored form: encoded before locks are taken
  };
  std::vector<Change> changes_;
};

}  // namespace pageturner
