// Time to live: the keyspace in which a table stores when its items expire, so that expired items
// are found without reading the others. docs/format.md specifies its keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/catalog.h"
#include "storage/engine/engine.h"
#include "storage/stored_item.h"

namespace pageturner {

// Returns the key of the entry for the item `table_key` in the expiry keyspace of `table`. Returns
// nothing if the table has no time to live or the item has no number in that attribute: such an
// item never expires.
std::optional<std::string> expiry_key(const Table& table, std::string_view table_key,
                                      ItemView item);

// Adds to `batch` the changes in the expiry keyspace of `table` when `old_item` becomes `new_item`,
// both with the key `table_key`. Either item may be nullptr.
void add_expiry_change(const Table& table, std::string_view table_key, const ItemView* old_item,
                       const ItemView* new_item, WriteBatch& batch);

// Returns the range of keys, in the expiry keyspace of `table`, of the items that are expired at
// the time `now_milliseconds` since 1970: their time is before it, but not so long before it that
// the service regards the time as a mistake. Requires: the table has a time to live. Source: guide,
// "Using time to live (TTL) in DynamoDB"; recorded behaviour.
KeyRange expired_range(const Table& table, std::int64_t now_milliseconds);

}  // namespace pageturner
