// What a write adds to the streams of its tables.
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

// Whether two items are equal as conditions have it: sets without regard to order.
bool equal_items(ItemView left, ItemView right);

// The records of one write or one transaction, on their way into the streams.
class StreamChanges {
 public:
  // Adds the record of turning `old_item` into `new_item` (nullptr: there is none) under
  // `item_key`. Nothing where the table has no stream or the item stays what it is.
  void add(const Table& table, std::string_view item_key, const ItemView* old_item,
           const ItemView* new_item, bool by_time_to_live);

  // Commits `batch` and the records, which get their numbers in the order in which they were added,
  // as one. False where the engine has no room for them, unless `must_succeed`; nothing has changed
  // then but that some numbers will never be those of records. Call it once.
  [[nodiscard]] bool try_commit(Engine& engine, WriteBatch batch, bool must_succeed);

 private:
  struct Change {
    StreamPointer stream;
    std::uint32_t shard;
    std::int64_t created_milliseconds;
    std::string record;  // in stored form: it is copied before anybody is kept waiting
  };
  std::vector<Change> changes_;
};

}  // namespace pageturner
