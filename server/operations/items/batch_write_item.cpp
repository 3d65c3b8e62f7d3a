// BatchWriteItem: independent puts and deletes in several tables. api: BatchWriteItem.
#include <set>
#include <utility>

#include "protocol/attribute_value_json.h"
#include "protocol/limits.h"
#include "server/operations/items/capacity.h"
#include "server/operations/items/item_collection_metrics.h"
#include "server/operations/items/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace pageturner {
namespace {

// One PutRequest or DeleteRequest.
struct BatchWrite {
  JsonValue json;
  bool is_put = false;
  std::string item = {};  // of a put: the item in stored form
  Item key = {};          // of a delete
};

// The writes of one table. Its views refer to the document of the request.
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
    // The service has this message also if neither is present.
    return validation_error(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
        "supported datatypes");
  }
  BatchWrite write{.json = json, .is_put = put.has_value()};
  if (put) {
    PAGETURNER_ASSIGN_OR_RETURN(write.item, parse_stored_item(put->find("Item").value()));
    PAGETURNER_RETURN_IF_ERROR(check_item_size(ItemView(write.item)));
  } else {
    PAGETURNER_ASSIGN_OR_RETURN(write.key, parse_key_parameter(*erase));
  }
  return write;
}

Result<TableWrites> parse_writes(std::string_view name, JsonValue json) {
  TableWrites writes{.requested_name = name};
  for (const JsonValue element : json.elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(BatchWrite write, parse_write(element));
    writes.writes.push_back(std::move(write));
  }
  return writes;
}

// The keys of all tables of a request.
using SeenKeys = std::set<std::pair<KeyspaceId, std::string>>;

// Finds the table and binds the writes to it. Checks that no key is in `seen_keys`, and adds them.
Result<void> bind_writes(Database& database, TableWrites& writes, SeenKeys& seen_keys) {
  PAGETURNER_ASSIGN_OR_RETURN(writes.table, database.find_table(writes.requested_name));
  for (BatchWrite& write : writes.writes) {
    PAGETURNER_ASSIGN_OR_RETURN(
        std::string key, write.is_put ? key_of_item(*writes.table, ItemView(write.item), true)
                                      : key_of_request(*writes.table, write.key));
    if (!seen_keys.emplace(writes.table->layout.space, key).second) {
      return validation_error("Provided list of item keys contains duplicates");
    }
    ItemChange change{ItemChange::Kind::erase};
    if (write.is_put) change = {ItemChange::Kind::put, std::move(write.item)};
    writes.item_writes.push_back(
        {writes.table, std::move(key),
         [change = std::move(change)](const StoredItemSource*) mutable -> Result<ItemChange> {
           return std::move(change);
         }});
  }
  return {};
}

// Performs each write on its own. Writes that conflict with a transaction or with a change of their
// table are not performed; they are written to `unprocessed`, for the client to send them again.
Result<void> make_writes(Database& database, const TableWrites& writes, ConsumedCapacity& capacity,
                         MemberWriter& unprocessed) {
  std::vector<JsonValue> conflicting;
  for (std::size_t i = 0; i < writes.item_writes.size(); ++i) {
    const Result<WriteOutcome> outcome = write_item(database, writes.item_writes[i]);
    if (outcome) {
      capacity.add_write(*outcome);
    } else if (outcome.error().type == ErrorType::transaction_conflict ||
               outcome.error().type == ErrorType::table_changed) {
      conflicting.push_back(writes.writes[i].json);
    } else {
      return outcome.error();
    }
  }
  if (conflicting.empty()) return {};
  append_list(unprocessed.member(writes.requested_name), conflicting,
              [](std::string& list, JsonValue write) { write.write(list); });
  return {};
}

}  // namespace

Result<void> batch_write_item(Database& database, const Request& request, std::string& out) {
  const JsonValue items = request.body.find("RequestItems").value();
  if (items.size() == 0) {
    return validation_error("The requestItems parameter is required for BatchWriteItem");
  }
  std::vector<TableWrites> all_writes;
  std::size_t total = 0;
  for (const auto& [name, json] : items.members()) {
    PAGETURNER_ASSIGN_OR_RETURN(TableWrites writes, parse_writes(name, json));
    total += writes.writes.size();
    all_writes.push_back(std::move(writes));
  }
  if (total > limits::batch_write_requests_max) {
    return validation_error("Too many items requested for the BatchWriteItem call");
  }
  SeenKeys seen_keys;
  for (TableWrites& writes : all_writes)
    PAGETURNER_RETURN_IF_ERROR(bind_writes(database, writes, seen_keys));

  TableCapacities capacities;
  TableMetrics metrics;
  ObjectWriter response(out);
  {
    ObjectWriter unprocessed(response.member("UnprocessedItems"));
    for (const TableWrites& writes : all_writes) {
      PAGETURNER_RETURN_IF_ERROR(
          make_writes(database, writes, capacities.of(*writes.table), unprocessed));
      std::vector<std::string_view> keys;
      for (const ItemWrite& write : writes.item_writes) keys.push_back(write.key);
      add_table_metrics(metrics, database, request.body, *writes.table, keys);
    }
  }
  append_table_metrics(out, metrics);
  capacities.append(out, capacity_detail(request.body));
  return {};
}

}  // namespace pageturner
