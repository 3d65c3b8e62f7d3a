#include "storage/item_collection.h"

#include <algorithm>

#include "storage/key_codec.h"
#include "storage/stored_item.h"

namespace pageturner {
namespace {

// `prefix`: the beginning of all keys of the partition.
std::uint64_t partition_size_bytes(const ReadView& view, KeyspaceId space,
                                   const std::string& prefix) {
  std::uint64_t size_bytes = 0;
  view.walk(space, {prefix, prefix_end(prefix)}, Direction::forward,
            [&](std::string_view, std::string_view value) {
              size_bytes += ItemView(value).size_bytes();
              return true;
            });
  return size_bytes;
}

}  // namespace

bool has_item_collections(const Table& table) {
  return std::any_of(table.indexes.begin(), table.indexes.end(),
                     [](const auto& index) { return !index->description.is_global; });
}

Item partition_key_of(const Table& table, std::string_view key) {
  Item partition_key;
  for (auto& [name, value] : decode_key(table.layout, key)) {
    if (has_attribute(table.layout.partition, name)) partition_key.emplace(name, std::move(value));
  }
  return partition_key;
}

std::uint64_t item_collection_size_bytes(const ReadView& view, const Table& table,
                                         std::string_view key) {
  const std::string partition(partition_of(table.layout, key));
  std::uint64_t size_bytes = partition_size_bytes(view, table.layout.space, partition);
  for (const auto& index : table.indexes) {
    if (index->description.is_global) continue;
    size_bytes += partition_size_bytes(view, index->layout.space, partition);
  }
  return size_bytes;
}

}  // namespace pageturner
