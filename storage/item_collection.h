// Item collections: all items and local index entries with the same partition key.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocol/attribute_value.h"
#include "storage/catalog.h"
#include "storage/engine/engine.h"

namespace pageturner {

// Whether `table` has item collections as the service defines them: whether it has a local index.
bool has_item_collections(const Table& table);

// Returns the partition key of the item with the key `key`.
Item partition_key_of(const Table& table, std::string_view key);

// Returns the sum of the documented sizes of all items of `table` with the partition key of the key
// `key` and of their entries in local indexes. Reads all of them. Source: guide, "Item collections
// in Local Secondary Indexes".
std::uint64_t item_collection_size_bytes(const ReadView& view, const Table& table,
                                         std::string_view key);

}  // namespace pageturner
