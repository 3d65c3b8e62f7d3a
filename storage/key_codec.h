// Keys as bytes whose order is DynamoDB's order of keys. docs/format.md specifies these bytes;
// tests/format checks this code against it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_source.h"
#include "protocol/table_description.h"
#include "storage/engine/engine.h"

namespace pageturner {

// The keyspace of the records of all streams; all others are numbered from 1.
inline constexpr KeyspaceId stream_space = 0xFFFF'FFFE;

// The layout of the keys of a table or index: hash(partition key) · partition key · [sort key] ·
// [hash(table key)] · [table partition key · table sort key]
struct KeyLayout {
  KeyspaceId space = 0;  // where the entries with these keys are
  std::vector<KeyAttribute> partition;
  std::vector<KeyAttribute> sort;
  std::vector<KeyAttribute> suffix;  // the table's key; empty for a table
  bool is_global = false;            // a global index: hash(table key) precedes the suffix
};

// The key of an item together with the keyspace of its table: items of two tables may have the same
// key.
struct FullKey {
  KeyspaceId space;
  std::string_view key;

  auto operator<=>(const FullKey&) const = default;
};

// Whether `name` is a partition or sort attribute of the table or index. (Key attributes of an
// index's table do not count.)
inline bool is_key_attribute(const KeyLayout& layout, std::string_view name) {
  return has_attribute(layout.partition, name) || has_attribute(layout.sort, name);
}

// Appends `value` in order-preserving form. Requires: it is an S, N or B.
void append_key_value(std::string& out, const AttributeValue& value);

// Decodes the value of type `type` at the beginning of `in`, and removes it from `in`. Requires:
// append_key_value wrote it.
AttributeValue take_key_value(std::string_view& in, ScalarType type);

// Returns hash · partition key: the common prefix of all keys of a partition. Requires:
// `partition_values` are those of layout.partition, in its order (only their number is checked).
// `like` is a key of a layout with the same partition attributes, or its beginning, or empty: if
// its partition is the same, its hash is copied and none is computed.
std::string encode_partition(const KeyLayout& layout,
                             std::span<const AttributeValue* const> partition_values,
                             std::string_view like = {});

// Returns the key of an item with the attributes `source`. Returns nothing if a key attribute is
// absent or has another type than in the layout: an item without the key attributes of an index is
// not in it. `like` as for encode_partition.
std::optional<std::string> encode_key(const KeyLayout& layout, const AttributeSource& source,
                                      std::string_view like = {});

// The key of an item in its table, of which the keys of its index entries are made. `layout` and
// `key` must outlive it.
class ItemKey {
 public:
  ItemKey(const KeyLayout& layout, std::string_view key) : layout_(layout), key_(key) {}

  const KeyLayout& layout() const { return layout_; }
  std::string_view key() const { return key_; }

  // Returns the hash of partition key and sort key. Computed once.
  std::uint64_t hash();

 private:
  const KeyLayout& layout_;
  std::string_view key_;
  std::optional<std::uint64_t> hash_;
};

// Returns partition key · sort key of the entry in `index` of an item with the attributes `source`:
// the part of the entry's key that can change while the item exists. Returns nothing if there is no
// entry (see encode_key). Computes no hash.
std::optional<std::string> encode_entry_values(const KeyLayout& index,
                                               const AttributeSource& source);

// Returns the key of the entry of `item` in `index` with `values`, which encode_entry_values
// returned. `other_entry` is another key of the index, or empty: its hash is copied if its
// partition is the same.
std::string encode_entry_key(const KeyLayout& index, std::string_view values, ItemKey& item,
                             std::string_view other_entry);

// Returns the attributes of a key, each once, in the order of the layout, as LastEvaluatedKey shows
// them. The names are views into `layout`. Requires: encode_key made the key with `layout`.
std::vector<std::pair<std::string_view, AttributeValue>> decode_key(const KeyLayout& layout,
                                                                    std::string_view key);

// Returns the key in its table of the item of `index_key`, an entry of one of its local indexes,
// which have the partition attributes of the table.
std::string table_key_of(const KeyLayout& index, std::string_view index_key);

// Returns the common prefix of the keys, in an expiry keyspace, of items that expire at `time`.
// Such prefixes sort by time.
std::string encode_expiry_time(const Number& time);

// Returns expiry time · key of the table.
std::string encode_expiry_key(const Number& time, std::string_view table_key);

// Returns the key in its table of the item of the entry `expiry_key` in an expiry keyspace, as a
// view into `expiry_key`.
std::string_view table_key_of_expiry(std::string_view expiry_key);

// Returns the beginning of `key` that all keys of its partition in `layout` have. Requires:
// encode_key made the key with `layout`.
std::string_view partition_of(const KeyLayout& layout, std::string_view key);

// Returns the hash of the partition that `key` belongs to. Requires: encode_key made the key (only
// its size is checked).
std::uint64_t partition_hash(std::string_view key);

// Returns the range of keys of segment `segment` of `total_segments`: the hash values split evenly
// by their upper 32 bits, in order. Requires: `segment` is below `total_segments`.
KeyRange segment_range(std::uint32_t segment, std::uint32_t total_segments);

}  // namespace pageturner
