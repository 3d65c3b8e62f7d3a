#include "server/operations/transactions/transaction_read.h"

#include "protocol/limits.h"
#include "server/operations/items/capacity.h"
#include "server/operations/transactions/transaction.h"
#include "storage/item_printer.h"
#include "storage/item_writer.h"

namespace pageturner {
namespace {

// A read does not wait for a write that is under way, it is told of it.
Result<void> check_conflicts(Database& database, const std::vector<TransactionGet>& gets) {
  std::vector<Result<void>> reasons(gets.size());
  bool canceled = false;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    if (!database.key_locks().is_locked(gets[i].key)) continue;
    canceled = true;
    reasons[i] = transaction_conflict();
  }
  if (canceled) return transaction_canceled(reasons);
  return {};
}

// Appends one response, nothing for an item that is not there or has nothing of what is asked for.
void append_response(std::string& out, const TransactionGet& get, ItemView item) {
  std::string item_json;
  ItemPrinter(get.projection ? &*get.projection : nullptr).append(item_json, item);
  if (item_json != "{}") out += "\"Item\":" + item_json;
}

}  // namespace

Result<void> get_and_respond(Database& database, JsonValue body,
                             const std::vector<TransactionGet>& gets, std::string& out) {
  PAGETURNER_RETURN_IF_ERROR(check_conflicts(database, gets));
  std::vector<std::size_t> sizes;
  std::size_t total_bytes = 0;
  out += "{\"Responses\":[";
  {
    std::set<const Table*> tables;
    for (const TransactionGet& get : gets) tables.insert(get.table.get());
    PAGETURNER_ASSIGN_OR_RETURN(const auto guards, lock_tables_shared(tables));
    const auto view = database.engine().read_view();
    for (const TransactionGet& get : gets) {
      if (!sizes.empty()) out += ',';
      out += '{';
      const auto stored = view->get(get.key);
      sizes.push_back(stored ? ItemView(*stored).size_bytes() : 0);
      total_bytes += sizes.back();
      if (stored) append_response(out, get, ItemView(*stored));
      out += '}';
    }
  }
  PAGETURNER_RETURN_IF_ERROR(check_transaction_size(total_bytes));
  out += ']';
  TableCapacities capacities(CapacityKind::transaction_read);
  for (std::size_t i = 0; i < gets.size(); ++i) {
    capacities.of(*gets[i].table).add_transaction_get(units_of(sizes[i], limits::read_unit_bytes));
  }
  capacities.append(out, capacity_detail(body));
  out += '}';
  return {};
}

Result<void> check_distinct_gets(const std::vector<TransactionGet>& gets) {
  std::set<std::string> seen_keys;
  for (const TransactionGet& get : gets)
    PAGETURNER_RETURN_IF_ERROR(check_distinct(seen_keys, get.key));
  return {};
}

}  // namespace pageturner
