// ItemCollectionMetrics: how large the item collections are that a request wrote to.
#pragma once

#include <string>
#include <string_view>

#include "protocol/json.h"
#include "storage/database.h"

namespace ddb {

// Whether the request asks for them (ReturnItemCollectionMetrics) and `table` has any.
bool wants_item_collection_metrics(JsonValue body, const Table& table);

// Appends {"ItemCollectionKey":{…},"SizeEstimateRangeGB":[low,high]} for the collection that the
// item under `key` belongs to. Source: api, ItemCollectionMetrics.
void append_item_collection_metrics(std::string& out, Database& database, const Table& table,
                                    std::string_view key);

}  // namespace ddb
