// Keys as bytes whose order is DynamoDB's order, and back. docs/format.md is the record of these
// bytes; tests/format holds this code to it.
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

// Names one key space of the engine: of a table, an index or a table's expiry times. Never used
// twice.
using KeyspaceId = std::uint32_t;

// The space of the records of all streams; tables and indexes count up from 1.
inline constexpr KeyspaceId stream_space = 0xFFFF'FFFE;

// How the keys of one table or index are laid out:
// space · hash32(partition key) · partition key · [sort key] · [table partition key · table sort
// key]
struct KeyLayout {
  KeyspaceId space = 0;
  std::vector<KeyAttribute> partition;
  std::vector<KeyAttribute> sort;
  std::vector<KeyAttribute> suffix;  // the table's key; only in an index
};

// Whether `name` is a key attribute of the table or index itself, not only of an index's table.
inline bool is_key_attribute(const KeyLayout& layout, std::string_view name) {
  return has_attribute(layout.partition, name) || has_attribute(layout.sort, name);
}

// Appends `value`, which has to be an S, N or B, in order-preserving form.
void append_key_value(std::string& out, const AttributeValue& value);

// Reads the value of type `type` that `in` starts with, and moves `in` behind it. Requires bytes
// that append_key_value wrote.
AttributeValue take_key_value(std::string_view& in, ScalarType type);

// space · hash32 · partition key: what all keys of one partition start with. `partition_values` are
// those of layout.partition, in its order.
std::string encode_partition(const KeyLayout& layout,
                             std::span<const AttributeValue* const> partition_values);

// The whole key of an item, whose attributes `source` gives. Nothing if one of them is absent or
// has another type than the layout's: an item without the key attributes of an index is not in it.
std::optional<std::string> encode_key(const KeyLayout& layout, const AttributeSource& source);

// The attributes a key holds, each once, in the order of the layout: what LastEvaluatedKey shows.
// Requires a key that encode_key made with `layout`.
std::vector<std::pair<std::string_view, AttributeValue>> decode_key(const KeyLayout& layout,
                                                                    std::string_view key);

// The key in `table` of the item that the entry `index_key` of one of its indexes stands for.
std::string table_key_of(const KeyLayout& index, const KeyLayout& table,
                         std::string_view index_key);

// space · expiry time: what all keys of items that expire at `time` start with in the expiry space
// `space`. They have the order of their times.
std::string encode_expiry_time(KeyspaceId space, const Number& time);

// space · expiry time · key of the table without its space. `table_key` is the whole key.
std::string encode_expiry_key(KeyspaceId space, const Number& time, std::string_view table_key);

// The key in `table` of the item that `expiry_key`, a whole one, stands for.
std::string table_key_of_expiry(const KeyLayout& table, std::string_view expiry_key);

// The hash of the partition that `key`, which encode_key made, lies in.
std::uint32_t partition_hash(std::string_view key);

// Every key of the layout's space.
KeyRange space_range(KeyspaceId space);

// The keys that segment `segment` of `total_segments` reads: the hash values split evenly, in
// order.
KeyRange segment_range(KeyspaceId space, std::uint32_t segment, std::uint32_t total_segments);

}  // namespace pageturner
