// BatchWriteItem: puts and deletes over several tables, each for itself. api: BatchWriteItem.
#include <set>

#include "protocol/attribute_value_json.h"
#include "protocol/limits.h"
#include "server/operations/capacity.h"
#include "server/operations/item_collection_metrics.h"
#include "server/operations/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace ddb {
namespace {

// One PutRequest or DeleteRequest.
struct BatchWrite {
  bool is_put = false;
  Item attributes = {};  // the item, or the key
};

struct TableWrites {
  std::string_view requested_name;  // as the request has it: a name or an ARN
  std::vector<BatchWrite> writes = {};
  TablePointer table = {};
  std::vector<ItemWrite> item_writes = {};
};

Result<BatchWrite> parse_write(JsonValue json) {
  const auto put = json.find("PutRequest");
  const auto erase = json.find("DeleteRequest");
  if (put.has_value() == erase.has_value()) {
    // The service says so of neither as well as of both.
    return validation_error(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes");
  }
  BatchWrite write{.is_put = put.has_value()};
  DDB_ASSIGN(write.attributes,
             put ? parse_item_parameter(*put, "Item") : parse_item_parameter(*erase, "Key"));
  if (write.is_put) DDB_CHECK(check_item_size(write.attributes));
  return write;
}

Result<TableWrites> parse_writes(std::string_view name, JsonValue json) {
  TableWrites writes{.requested_name = name};
  for (std::size_t i = 0; i < json.size(); ++i) {
    DDB_ASSIGN(BatchWrite write, parse_write(json.element(i)));
    writes.writes.push_back(std::move(write));
  }
  return writes;
}

Result<void> prepare(Database& database, TableWrites& writes, std::set<std::string>& seen_keys) {
  DDB_ASSIGN(writes.table, database.find_table(writes.requested_name));
  for (const BatchWrite& write : writes.writes) {
    DDB_ASSIGN(std::string key, write.is_put ? key_of_item(*writes.table, write.attributes, true)
                                             : key_of_request(*writes.table, write.attributes));
    if (!seen_keys.insert(key).second) {
      return validation_error("Provided list of item keys contains duplicates");
    }
    ItemChange change{ItemChange::Kind::erase};
    if (write.is_put) change = {ItemChange::Kind::put, encode_stored_item(write.attributes)};
    writes.item_writes.push_back(
        {writes.table, std::move(key),
         [change = std::move(change)](const ItemView*) -> Result<ItemChange> { return change; }});
  }
  return {};
}

// Appends `"table":[…]` with the metrics of each item collection once, where they are asked for.
void append_table_metrics(std::string& out, Database& database, JsonValue body,
                          const TableWrites& writes) {
  if (!wants_item_collection_metrics(body, *writes.table)) return;
  std::set<std::string> collections;
  for (const ItemWrite& write : writes.item_writes) {
    std::string metrics;
    append_item_collection_metrics(metrics, database, *writes.table, write.key);
    collections.insert(std::move(metrics));
  }
  if (!out.empty()) out += ',';
  append_json_string(out, writes.table->description.name);
  out += ":[";
  for (const std::string& metrics : collections) {
    if (out.back() != '[') out += ',';
    out += metrics;
  }
  out += ']';
}

}  // namespace

Result<void> batch_write_item(Database& database, const Request& request, std::string& out) {
  const JsonValue items = request.body.find("RequestItems").value();
  if (items.size() == 0) {
    return validation_error("The requestItems parameter is required for BatchWriteItem");
  }
  std::vector<TableWrites> all_writes;
  std::size_t total = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const auto [name, json] = items.member(i);
    DDB_ASSIGN(TableWrites writes, parse_writes(name, json));
    total += writes.writes.size();
    all_writes.push_back(std::move(writes));
  }
  if (total > limits::batch_write_requests_max) {
    return validation_error("Too many items requested for the BatchWriteItem call");
  }
  std::set<std::string> seen_keys;
  for (TableWrites& writes : all_writes) DDB_CHECK(prepare(database, writes, seen_keys));

  const CapacityDetail detail = capacity_detail(request.body);
  std::string capacities;
  std::string metrics;
  for (const TableWrites& writes : all_writes) {
    ConsumedCapacity capacity(*writes.table);
    for (const ItemWrite& write : writes.item_writes) {
      DDB_ASSIGN(const WriteOutcome outcome, write_item(database, write));
      capacity.add_write(outcome);
    }
    append_capacity_element(capacities, capacity, detail);
    append_table_metrics(metrics, database, request.body, writes);
  }
  out += "{\"UnprocessedItems\":{}";
  if (!metrics.empty()) out += ",\"ItemCollectionMetrics\":{" + metrics + "}";
  append_capacities(out, capacities);
  out += '}';
  return {};
}

}  // namespace ddb
