// Time to live: the space in which a table keeps when its items expire, so that those that are due
// are found without reading the others. docs/format.md is the record of its keys.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/catalog.h"
#include "storage/engine/engine.h"
#include "storage/stored_item.h"

namespace pageturner {

// The key under which the expiry space of `table` names the item of `table_key`. Nothing where the
// table has no time to live, or the item no number in that attribute: such an item never expires.
std::optional<std::string> expiry_key(const Table& table, std::string_view table_key,
                                      ItemView item);

// Adds to `batch` what turning `old_item` into `new_item`, both of `table_key`, changes in the
// expiry space of `table`. Either item may be nullptr.
void add_expiry_change(const Table& table, std::string_view table_key, const ItemView* old_item,
                       const ItemView* new_item, WriteBatch& batch);

// The keys in the expiry space of `table`, which has one, of the items that have expired at the
// time `now_milliseconds` since 1970: before that time, but not so long before it that the service
// takes the time for a mistake. Source: guide, "Using time to live (TTL) in DynamoDB"; recorded
// behaviour.
KeyRange expired_range(const Table& table, std::int64_t now_milliseconds);

}  // namespace pageturner
