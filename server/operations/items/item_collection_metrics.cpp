#include "server/operations/items/item_collection_metrics.h"

#include <set>

#include "protocol/attribute_value_json.h"
#include "server/operations/parameters.h"
#include "storage/item_collection.h"

namespace pageturner {

bool wants_item_collection_metrics(JsonValue body, const Table& table) {
  return text_parameter(body, "ReturnItemCollectionMetrics") == "SIZE" &&
         has_item_collections(table);
}

void append_item_collection_metrics(std::string& out, Database& database, const Table& table,
                                    std::string_view key) {
  constexpr std::uint64_t gigabyte = std::uint64_t{1} << 30;
  const Item partition_key = partition_key_of(table, key);
  std::uint64_t size_bytes = 0;
  {
    const auto view = database.engine().read_view();
    size_bytes = item_collection_size_bytes(*view, table, partition_key);
  }
  const std::uint64_t low = size_bytes / gigabyte;
  out += "{\"ItemCollectionKey\":";
  append_item(out, partition_key);
  out +=
      ",\"SizeEstimateRangeGB\":[" + std::to_string(low) + ".0," + std::to_string(low + 1) + ".0]}";
}

void append_table_metrics(std::string& out, Database& database, JsonValue body, const Table& table,
                          const std::vector<std::string_view>& keys) {
  if (!wants_item_collection_metrics(body, table)) return;
  std::set<std::string> collections;
  for (const std::string_view key : keys) {
    std::string metrics;
    append_item_collection_metrics(metrics, database, table, key);
    collections.insert(std::move(metrics));
  }
  if (!out.empty()) out += ',';
  append_json_string(out, table.description.name);
  out += ":[";
  for (const std::string& metrics : collections) {
    if (out.back() != '[') out += ',';
    out += metrics;
  }
  out += ']';
}

}  // namespace pageturner
