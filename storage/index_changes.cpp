#include "storage/index_changes.h"

#include <algorithm>
#include <optional>

#include "protocol/limits.h"

namespace pageturner {
namespace {

struct Entry {
  std::string key_values;  // see encode_entry_values
  std::string value;

  std::int64_t size_bytes() const {
    return static_cast<std::int64_t>(ItemView(value).size_bytes());
  }
  std::int64_t write_units() const {
    return units_of(ItemView(value).size_bytes(), limits::write_unit_bytes);
  }
};

// Whether the index key attributes, which are present with their types, have values that a key may
// have. Writes reject others, but an item may be older than the index.
bool has_valid_key(const KeyLayout& layout, const AttributeSource& item) {
  const auto is_valid = [&](const std::vector<KeyAttribute>& part, std::size_t size_bytes_max) {
    std::size_t size = 0;
    for (const KeyAttribute& attribute : part) {
      const AttributeValue& value = *item.find(attribute.name);
      const std::size_t value_size = size_bytes(value);
      if (value_size == 0) return false;
      size += value_size;
    }
    return size <= size_bytes_max;
  };
  return is_valid(layout.partition, limits::partition_key_size_bytes_max) &&
         is_valid(layout.sort, limits::sort_key_size_bytes_max);
}

// The entry of `item` in `index`; nothing if there is no item or it lacks the key attributes of the
// index.
std::optional<Entry> entry_of(const Index& index, const ItemView* item) {
  if (item == nullptr) return std::nullopt;
  const StoredItemSource attributes(*item);
  auto key_values = encode_entry_values(index.layout, attributes);
  if (!key_values || !has_valid_key(index.layout, attributes)) return std::nullopt;
  return Entry{std::move(*key_values), index_entry(index, *item)};
}

// Adds the change of one index entry from `before` to `after`, which differ. Makes only the keys
// that it writes, because their hashes take time.
IndexChange change_index(const Index& index, ItemKey& item_key, const std::optional<Entry>& before,
                         std::optional<Entry> after, WriteBatch& batch) {
  IndexChange change{.index = &index};
  change.item_count_delta = (after ? 1 : 0) - (before ? 1 : 0);
  change.size_bytes_delta = (after ? after->size_bytes() : 0) - (before ? before->size_bytes() : 0);
  const bool moves = before && after && before->key_values != after->key_values;
  const std::int64_t units_before = before ? before->write_units() : 0;
  const std::int64_t units_after = after ? after->write_units() : 0;
  // An entry whose key changes is deleted in one place and put in another: two writes.
  change.write_units = moves ? units_before + units_after : std::max(units_before, units_after);
  std::string key;
  if (after) key = encode_entry_key(index.layout, after->key_values, item_key, {});
  if (before && (!after || moves)) {
    batch.erase(index.layout.space,
                encode_entry_key(index.layout, before->key_values, item_key, key));
  }
  if (after) batch.put(index.layout.space, std::move(key), std::move(after->value));
  return change;
}

}  // namespace

std::string index_entry(const Index& index, ItemView item) {
  if (index.description.projection.type == ProjectionType::all) return std::string(item.bytes());
  Item attributes = decode_stored_item(item);
  std::erase_if(attributes,
                [&](const auto& attribute) { return !index.projects(attribute.first); });
  return encode_stored_item(attributes);
}

std::optional<IndexChange> add_index_change(const Index& index, ItemKey& item_key,
                                            const ItemView* old_item, const ItemView* new_item,
                                            WriteBatch& batch) {
  auto before = entry_of(index, old_item);
  auto after = entry_of(index, new_item);
  const bool same =
      before.has_value() == after.has_value() &&
      (!before || (before->key_values == after->key_values && before->value == after->value));
  if (same) return std::nullopt;
  return change_index(index, item_key, before, std::move(after), batch);
}

void count(const IndexChange& change) {
  change.index->counters->item_count += change.item_count_delta;
  change.index->counters->size_bytes += change.size_bytes_delta;
}

std::vector<IndexChange> add_index_changes(const Table& table, std::string_view item_key,
                                           const ItemView* old_item, const ItemView* new_item,
                                           WriteBatch& batch) {
  std::vector<IndexChange> changes;
  ItemKey key(table.layout, item_key);
  for (const auto& index : table.indexes) {
    if (auto change = add_index_change(*index, key, old_item, new_item, batch)) {
      changes.push_back(*change);
    }
  }
  return changes;
}

std::int64_t units_of(std::size_t size_bytes, std::size_t unit_bytes) {
  return static_cast<std::int64_t>(
      std::max<std::size_t>(1, (size_bytes + unit_bytes - 1) / unit_bytes));
}

}  // namespace pageturner
