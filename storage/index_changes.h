// What a write changes in the indexes of its table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/catalog.h"
#include "storage/engine/engine.h"
#include "storage/stored_item.h"

namespace pageturner {

// What a write changed in one index.
struct IndexChange {
  const Index* index = nullptr;
  std::int64_t item_count_delta = 0;
  std::int64_t size_bytes_delta = 0;
  std::int64_t write_units = 0;  // what it costs, in 1 KB units
};

// The entry that `index` keeps for an item: the projected attributes in stored form.
std::string index_entry(const Index& index, ItemView item);

// Adds to `batch` what turning `old_item` into `new_item` changes in `index`. Either item may be
// nullptr. Nothing where the index keeps what it has.
std::optional<IndexChange> add_index_change(const Index& index, const ItemView* old_item,
                                            const ItemView* new_item, WriteBatch& batch);

// Adds `change`, which has been made, to the counts of its index.
void count(const IndexChange& change);

// The same for all indexes of `table`. Those that keep what they had are not in the answer.
std::vector<IndexChange> add_index_changes(const Table& table, const ItemView* old_item,
                                           const ItemView* new_item, WriteBatch& batch);

// The number of units of `unit_bytes` that `size_bytes` take: rounded up, and at least one.
std::int64_t units_of(std::size_t size_bytes, std::size_t unit_bytes);

}  // namespace pageturner
