#include "server/operations/items/item_collection_metrics.h"

#include <array>

#include "protocol/attribute_value_json.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
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
    size_bytes = item_collection_size_bytes(*view, table, key);
  }
  const std::uint64_t low = size_bytes / gigabyte;
  ObjectWriter object(out);
  append_item(object.member("ItemCollectionKey"), partition_key);
  append_list(object.member("SizeEstimateRangeGB"), std::array{low, low + 1},
              [](std::string& list, std::uint64_t bound) { list += concat(bound, ".0"); });
}

void add_table_metrics(TableMetrics& metrics, Database& database, JsonValue body,
                       const Table& table, const std::vector<std::string_view>& keys) {
  if (!wants_item_collection_metrics(body, table)) return;
  std::set<std::string> collections;
  for (const std::string_view key : keys) {
    std::string collection;
    append_item_collection_metrics(collection, database, table, key);
    collections.insert(std::move(collection));
  }
  metrics.emplace_back(table.description.name, std::move(collections));
}

void append_table_metrics(std::string& out, const TableMetrics& metrics) {
  if (metrics.empty()) return;
  ObjectWriter tables(MemberWriter(out).member("ItemCollectionMetrics"));
  for (const auto& [name, collections] : metrics) {
    append_list(tables.member(name), collections,
                [](std::string& list, const std::string& collection) { list += collection; });
  }
}

}  // namespace pageturner
