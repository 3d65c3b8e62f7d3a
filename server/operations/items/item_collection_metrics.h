// ItemCollectionMetrics: how large the item collections are that a request wrote to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/json.h"
#include "storage/database.h"

namespace pageturner {

// Whether the request asks for them (ReturnItemCollectionMetrics) and `table` has any.
bool wants_item_collection_metrics(JsonValue body, const Table& table);

// Appends {"ItemCollectionKey":{…},"SizeEstimateRangeGB":[low,high]} for the collection that the
// item under `key` belongs to. Source: api, ItemCollectionMetrics.
void append_item_collection_metrics(std::string& out, Database& database, const Table& table,
                                    std::string_view key);

// Appends `"table":[…]` with the metrics of each collection that the items under `keys` belong to,
// as a member of an object that is empty or ends with a value, where the request asks for them.
void append_table_metrics(std::string& out, Database& database, JsonValue body, const Table& table,
                          const std::vector<std::string_view>& keys);

}  // namespace pageturner
