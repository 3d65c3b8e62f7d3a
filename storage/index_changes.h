// The changes that a write makes in the indexes of its table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "storage/catalog.h"
#include "storage/engine/engine.h"
#include "storage/stored_item.h"

namespace pageturner {

// The change that a write made in one index.
struct IndexChange {
  const Index* index = nullptr;
  std::int64_t item_count_delta = 0;
  std::int64_t size_bytes_delta = 0;
  std::int64_t write_units = 0;  // write units (1 KB) that it consumes
};

// Returns the value of the entry of `item` in `index`: the projected attributes in stored form.
std::string index_entry(const Index& index, ItemView item);

// Adds to `batch` the changes in `index` when `old_item` becomes `new_item`. Either item may be
// nullptr; `item_key` is the key of both. Returns nothing if the entry does not change. The result
// points to `index`.
std::optional<IndexChange> add_index_change(const Index& index, ItemKey& item_key,
                                            const ItemView* old_item, const ItemView* new_item,
                                            WriteBatch& batch);

// Adds `change`, which must be committed, to the counters of its index.
void count(const IndexChange& change);

// As add_index_change, for all indexes of `table`. The result contains only indexes whose entry
// changes; it points to indexes of `table`, which must outlive it.
std::vector<IndexChange> add_index_changes(const Table& table, std::string_view item_key,
                                           const ItemView* old_item, const ItemView* new_item,
                                           WriteBatch& batch);

// Returns the number of units of `unit_bytes` for `size_bytes`: rounded up, at least one.
std::int64_t units_of(std::size_t size_bytes, std::size_t unit_bytes);

}  // namespace pageturner
