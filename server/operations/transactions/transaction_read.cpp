#include "server/operations/transactions/transaction_read.h"

#include <numeric>
#include <set>

#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "server/operations/items/capacity.h"
#include "server/operations/transactions/transaction.h"
#include "storage/item_printer.h"
#include "storage/item_writer.h"

namespace pageturner {
namespace {

// Checks that none of the items is being written. A read does not wait for the write.
Result<void> check_conflicts(Database& database, const std::vector<TransactionGet>& gets) {
  std::vector<Result<void>> reasons(gets.size());
  bool canceled = false;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    if (!database.key_locks().is_locked({gets[i].table->layout.space, gets[i].key})) continue;
    canceled = true;
    reasons[i] = transaction_conflict();
  }
  if (canceled) return transaction_canceled(reasons);
  return {};
}

// Writes the item of one response, or nothing if it has none of the attributes of the projection.
void write_item_member(MemberWriter& response, const TransactionGet& get, ItemView item) {
  std::string item_json;
  ItemPrinter(get.projection ? &*get.projection : nullptr).append(item_json, item);
  if (item_json != "{}") response.member("Item") += item_json;
}

// Appends the responses as an array and returns the sizes of the items; 0 for an absent one. Checks
// the sizes first, because the projection of a large item takes long.
Result<std::vector<std::size_t>> read_items(Database& database,
                                            const std::vector<TransactionGet>& gets,
                                            std::string& out) {
  std::set<const Table*> tables;
  for (const TransactionGet& get : gets) tables.insert(get.table.get());
  PAGETURNER_ASSIGN_OR_RETURN(const auto guards, lock_tables_shared(tables));
  const auto view = database.engine().read_view();
  std::vector<std::size_t> sizes;
  sizes.reserve(gets.size());
  for (const TransactionGet& get : gets) {
    const auto stored = view->get(get.table->layout.space, get.key);
    sizes.push_back(stored ? ItemView(*stored).size_bytes() : 0);
  }
  PAGETURNER_RETURN_IF_ERROR(
      check_transaction_size(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0})));
  append_list(out, gets, [&](std::string& list, const TransactionGet& get) {
    ObjectWriter response(list);
    const auto stored = view->get(get.table->layout.space, get.key);
    if (stored) write_item_member(response, get, ItemView(*stored));
  });
  return sizes;
}

}  // namespace

Result<void> get_and_respond(Database& database, JsonValue body,
                             const std::vector<TransactionGet>& gets, std::string& out) {
  PAGETURNER_RETURN_IF_ERROR(check_conflicts(database, gets));
  ObjectWriter response(out);
  PAGETURNER_ASSIGN_OR_RETURN(const std::vector<std::size_t> sizes,
                              read_items(database, gets, response.member("Responses")));
  TableCapacities capacities(CapacityKind::transaction_read);
  for (std::size_t i = 0; i < gets.size(); ++i) {
    capacities.of(*gets[i].table).add_transaction_get(units_of(sizes[i], limits::read_unit_bytes));
  }
  capacities.append(out, capacity_detail(body));
  return {};
}

Result<void> check_distinct_gets(const std::vector<TransactionGet>& gets) {
  std::set<FullKey> seen_keys;
  for (const TransactionGet& get : gets)
    PAGETURNER_RETURN_IF_ERROR(check_distinct(seen_keys, {get.table->layout.space, get.key}));
  return {};
}

}  // namespace pageturner
