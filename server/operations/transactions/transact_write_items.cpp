// TransactWriteItems: writes several items, all or none. api: TransactWriteItems.
#include <array>

#include "protocol/object_writer.h"
#include "server/operations/items/capacity.h"
#include "server/operations/items/item_collection_metrics.h"
#include "server/operations/items/item_write.h"
#include "server/operations/parameters.h"
#include "server/operations/transactions/transaction.h"
#include "server/operations/transactions/transaction_write.h"

namespace pageturner {
namespace {

Result<WriteRequest> parse_action(JsonValue element) {
  constexpr std::array<std::pair<std::string_view, WriteKind>, 4> kinds = {
      {{"ConditionCheck", WriteKind::check},
       {"Put", WriteKind::put},
       {"Delete", WriteKind::erase},
       {"Update", WriteKind::update}}};
  std::optional<JsonValue> action;
  WriteKind kind{};
  for (const auto& [name, kind_of_name] : kinds) {
    const auto found = element.find(name);
    if (!found) continue;
    if (action) {
      return validation_error("TransactItems can only contain one of Check, Put, Update or Delete");
    }
    action = found;
    kind = kind_of_name;
  }
  if (!action) {
    return invalid_request("TransactWriteRequest should contain Delete or Put or Update request");
  }
  return parse_transaction_write(kind, *action);
}

Result<std::vector<WriteRequest>> parse_actions(JsonValue elements) {
  std::vector<WriteRequest> requests;
  requests.reserve(elements.size());
  std::size_t size_bytes = 0;
  for (const JsonValue element : elements.elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(WriteRequest request, parse_action(element));
    size_bytes += request.size_bytes;
    requests.push_back(std::move(request));
  }
  PAGETURNER_RETURN_IF_ERROR(check_transaction_size(size_bytes));
  return requests;
}

// Binds the actions to their tables. All tables are found before the first key is checked. An error
// about an item cancels the transaction with that reason only; any other error is returned itself.
Result<std::vector<ItemWrite>> bind_actions(const Database& database,
                                            std::vector<WriteRequest>& requests) {
  for (const WriteRequest& request : requests)
    PAGETURNER_RETURN_IF_ERROR(database.find_table(request.table_name));
  std::vector<ItemWrite> writes;
  std::vector<Result<void>> reasons(requests.size());
  bool canceled = false;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    Result<ItemWrite> write = bind_write(database, requests[i]);
    if (write) {
      writes.push_back(*std::move(write));
    } else if (!cancels_transaction(write.error())) {
      return std::move(write).error();
    } else if (!canceled) {
      canceled = true;
      reasons[i] = std::move(write).error();
    }
  }
  if (canceled) return transaction_canceled(reasons);
  PAGETURNER_RETURN_IF_ERROR(check_distinct_writes(writes));
  return writes;
}

void append_transaction_response(std::string& out, Database& database, JsonValue body,
                                 const std::vector<WriteRequest>& requests,
                                 const std::vector<ItemWrite>& writes,
                                 const TableCapacities& capacities) {
  // A ConditionCheck writes nothing.
  std::map<const Table*, std::vector<std::string_view>> written_keys;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (requests[i].kind == WriteKind::check) continue;
    written_keys[writes[i].table.get()].push_back(writes[i].key);
  }
  TableMetrics metrics;
  for (const auto& [table, keys] : written_keys) {
    add_table_metrics(metrics, database, body, *table, keys);
  }
  const ObjectWriter response(out);
  append_table_metrics(out, metrics);
  capacities.append(out, capacity_detail(body));
}

}  // namespace

Result<void> transact_write_items(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  PAGETURNER_ASSIGN_OR_RETURN(std::vector<WriteRequest> requests,
                              parse_actions(body.find("TransactItems").value()));
  PAGETURNER_ASSIGN_OR_RETURN(const std::vector<ItemWrite> writes,
                              bind_actions(database, requests));
  PAGETURNER_ASSIGN_OR_RETURN(const TableCapacities capacities,
                              make_transaction(database, body, "TransactWriteItems", writes));
  append_transaction_response(out, database, body, requests, writes, capacities);
  return {};
}

}  // namespace pageturner
