// ItemCollectionMetrics: the sizes of the item collections that a request wrote to.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/json.h"
#include "storage/database.h"

namespace pageturner {

// Returns whether the request asks for metrics (ReturnItemCollectionMetrics is SIZE) and `table`
// has item collections.
bool wants_item_collection_metrics(JsonValue body, const Table& table);

// Appends {"ItemCollectionKey":{…},"SizeEstimateRangeGB":[low,high]} for the collection that the
// item under `key` belongs to. Reads the whole collection from one view of the engine.
// Source: api, ItemCollectionMetrics.
void append_item_collection_metrics(std::string& out, Database& database, const Table& table,
                                    std::string_view key);

// The metrics of the collections that one request wrote to, by the names of their tables.
using TableMetrics = std::vector<std::pair<std::string, std::set<std::string>>>;

// Adds the metrics of each collection that the items under `keys` belong to, if the request asks
// for metrics.
void add_table_metrics(TableMetrics& metrics, Database& database, JsonValue body,
                       const Table& table, const std::vector<std::string_view>& keys);

// Appends the member ItemCollectionMetrics of batches and transactions to the object that `out`
// ends in (see MemberWriter), unless `metrics` is empty.
void append_table_metrics(std::string& out, const TableMetrics& metrics);

}  // namespace pageturner
