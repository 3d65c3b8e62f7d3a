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

// The number of one keyspace of the engine: of a table's items, an index, a table's expiry times or
// a backup. Never reused.
using KeyspaceId = std::uint32_t;

// The keyspace of the records of all streams; all others are numbered from 1.
inline constexpr KeyspaceId stream_space = 0xFFFF'FFFE;

// The layout of the keys of a table or index: space · hash32(partition key) · partition key · [sort
// key] · [table partition key · table sort key]
struct KeyLayout {
  KeyspaceId space = 0;
  std::vector<KeyAttribute> partition;
  std::vector<KeyAttribute> sort;
  std::vector<KeyAttribute> suffix;  // the table's key; empty for a table
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

// Returns space · hash32 · partition key: the common prefix of all keys of a partition. Requires:
// `partition_values` are those of layout.partition, in its order (only their number is checked).
std::string encode_partition(const KeyLayout& layout,
                             std::span<const AttributeValue* const> partition_values);

// Returns the key of an item with the attributes `source`. Returns nothing if a key attribute is
// absent or has another type than in the layout: an item without the key attributes of an index is
// not in it.
std::optional<std::string> encode_key(const KeyLayout& layout, const AttributeSource& source);

// Returns the attributes of a key, each once, in the order of the layout, as LastEvaluatedKey shows
// them. The names are views into `layout`. Requires: encode_key made the key with `layout`.
std::vector<std::pair<std::string_view, AttributeValue>> decode_key(const KeyLayout& layout,
                                                                    std::string_view key);

// Returns the key in `table` of the item of `index_key`, an entry of one of its indexes.
std::string table_key_of(const KeyLayout& index, const KeyLayout& table,
                         std::string_view index_key);

// Returns space · expiry time: the common prefix of the keys, in the expiry keyspace `space`, of
// items that expire at `time`. Such prefixes sort by time.
std::string encode_expiry_time(KeyspaceId space, const Number& time);

// Returns space · expiry time · key of the table without its keyspace. `table_key` is the whole
// key.
std::string encode_expiry_key(KeyspaceId space, const Number& time, std::string_view table_key);

// Returns the key in `table` of the item of the entry `expiry_key` in the expiry keyspace.
std::string table_key_of_expiry(const KeyLayout& table, std::string_view expiry_key);

// Returns the hash of the partition that `key` belongs to. Requires: encode_key made the key (only
// its size is checked).
std::uint32_t partition_hash(std::string_view key);

// Returns the range of all keys of a keyspace.
KeyRange space_range(KeyspaceId space);

// Returns the range of keys of segment `segment` of `total_segments`: the hash values split evenly,
// in order. Requires: `segment` is below `total_segments`.
KeyRange segment_range(KeyspaceId space, std::uint32_t segment, std::uint32_t total_segments);

}  // namespace pageturner
