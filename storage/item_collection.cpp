#include "storage/item_collection.h"

#include <algorithm>

#include "storage/key_codec.h"
#include "storage/stored_item.h"

namespace pageturner {
namespace {

std::uint64_t partition_size_bytes(const ReadView& view, const KeyLayout& layout,
                                   const Item& partition_key) {
  std::vector<const AttributeValue*> values;
  for (const KeyAttribute& attribute : layout.partition) {
    values.push_back(&partition_key.find(attribute.name)->second);
  }
  const std::string prefix = encode_partition(layout, values);
  std::uint64_t size_bytes = 0;
  view.walk({prefix, prefix_end(prefix)}, Direction::forward,
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
                                         const Item& partition_key) {
  std::uint64_t size_bytes = partition_size_bytes(view, table.layout, partition_key);
  for (const auto& index : table.indexes) {
    if (index->description.is_global) continue;
    size_bytes += partition_size_bytes(view, index->layout, partition_key);
  }
  return size_bytes;
}

}  // namespace pageturner
