// TransactWriteItems: writes of several items, all or none. api: TransactWriteItems.
#include <algorithm>
#include <array>

#include "protocol/limits.h"
#include "server/operations/capacity.h"
#include "server/operations/item_collection_metrics.h"
#include "server/operations/item_write.h"
#include "server/operations/parameters.h"
#include "server/operations/transaction.h"

namespace ddb {
namespace {

Result<WriteRequest> parse_action(JsonValue element) {
  constexpr std::array<std::pair<std::string_view, WriteKind>, 4> kinds = {
      {{"ConditionCheck", WriteKind::check},
       {"Put", WriteKind::put},
       {"Delete", WriteKind::erase},
       {"Update", WriteKind::update}}};
  std::optional<JsonValue> action;
  WriteKind kind{};
  for (const auto& [name, its_kind] : kinds) {
    const auto found = element.find(name);
    if (!found) continue;
    if (action) {
      return validation_error("TransactItems can only contain one of Check, Put, Update or Delete");
    }
    action = found;
    kind = its_kind;
  }
  if (!action) {
    return validation_error(
        "Invalid Request: TransactWriteRequest should contain Delete or Put or Update request");
  }
  return parse_transaction_write(kind, *action);
}

Result<std::vector<WriteRequest>> parse_actions(JsonValue elements) {
  std::vector<WriteRequest> requests;
  requests.reserve(elements.size());
  std::size_t size_bytes = 0;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    DDB_ASSIGN(WriteRequest request, parse_action(elements.element(i)));
    size_bytes += request.size_bytes;
    requests.push_back(std::move(request));
  }
  DDB_CHECK(check_transaction_size(size_bytes));
  return requests;
}

// Holds the actions to their tables. Every table is looked up before any key is looked at. An error
// about an item cancels the transaction, with that one reason; any other is answered before it.
Result<std::vector<ItemWrite>> bind_actions(const Database& database,
                                            const std::vector<WriteRequest>& requests) {
  for (const WriteRequest& request : requests) DDB_CHECK(database.find_table(request.table_name));
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
  std::set<std::string> seen_keys;
  for (const ItemWrite& write : writes) DDB_CHECK(check_distinct(seen_keys, write.key));
  return writes;
}

Result<std::vector<WriteOutcome>> make_writes(Database& database,
                                              const std::vector<ItemWrite>& writes) {
  std::vector<WriteOutcome> outcomes;
  std::vector<Result<void>> reasons;
  bool canceled = false;
  for (Result<WriteOutcome>& outcome : write_items(database, writes)) {
    if (outcome) {
      outcomes.push_back(*std::move(outcome));
      reasons.emplace_back();
      continue;
    }
    if (!cancels_transaction(outcome.error())) return std::move(outcome).error();
    canceled = true;
    reasons.emplace_back(std::move(outcome).error());
  }
  if (canceled) return transaction_canceled(reasons);
  return outcomes;
}

void append_answer(std::string& out, Database& database, JsonValue body,
                   const std::vector<WriteRequest>& requests, const std::vector<ItemWrite>& writes,
                   const TableCapacities& capacities) {
  // A ConditionCheck writes nothing.
  std::map<const Table*, std::vector<std::string_view>> written_keys;
  for (std::size_t i = 0; i < writes.size(); ++i) {
    if (requests[i].kind == WriteKind::check) continue;
    written_keys[writes[i].table.get()].push_back(writes[i].key);
  }
  std::string metrics;
  for (const auto& [table, keys] : written_keys) {
    append_table_metrics(metrics, database, body, *table, keys);
  }
  out += '{';
  if (!metrics.empty()) out += "\"ItemCollectionMetrics\":{" + metrics + "}";
  capacities.append(out, capacity_detail(body));
  out += '}';
}

TransactionTokens::ReadUnits read_units_of(const std::vector<WriteOutcome>& outcomes) {
  TransactionTokens::ReadUnits units;
  units.reserve(outcomes.size());
  for (const WriteOutcome& outcome : outcomes) {
    units.push_back(units_of(std::max(outcome.old_size_bytes, outcome.new_size_bytes),
                             limits::read_unit_bytes));
  }
  return units;
}

}  // namespace

Result<void> transact_write_items(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  DDB_ASSIGN(const std::vector<WriteRequest> requests,
             parse_actions(body.find("TransactItems").value()));
  DDB_ASSIGN(const std::vector<ItemWrite> writes, bind_actions(database, requests));
  std::optional<TransactionTokens::Claim> claim;
  if (const std::string_view token = text_parameter(body, "ClientRequestToken"); !token.empty()) {
    std::string content;
    body.write_canonical(content);
    DDB_ASSIGN(auto begun, database.transaction_tokens().begin(token, content,
                                                               std::chrono::steady_clock::now()));
    if (!begun.claim) {
      TableCapacities capacities(CapacityKind::transaction_read);
      for (std::size_t i = 0; i < writes.size(); ++i) {
        capacities.of(*writes[i].table).add_transaction_get(begun.read_units[i]);
      }
      append_answer(out, database, body, requests, writes, capacities);
      return {};
    }
    claim.emplace(*std::move(begun.claim));
  }
  DDB_ASSIGN(const std::vector<WriteOutcome> outcomes, make_writes(database, writes));
  if (claim) {
    std::move(*claim).complete(read_units_of(outcomes), std::chrono::steady_clock::now());
  }
  TableCapacities capacities(CapacityKind::transaction_write);
  for (std::size_t i = 0; i < writes.size(); ++i) {
    capacities.of(*writes[i].table).add_transaction_write(outcomes[i]);
  }
  append_answer(out, database, body, requests, writes, capacities);
  return {};
}

}  // namespace ddb
