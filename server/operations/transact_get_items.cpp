// TransactGetItems: several items as they are at one moment. api: TransactGetItems.
#include "protocol/limits.h"
#include "server/operations/capacity.h"
#include "server/operations/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/transaction.h"
#include "storage/item_printer.h"
#include "storage/item_writer.h"

namespace ddb {
namespace {

struct TransactionGet {
  std::string_view table_name;
  Item key_attributes;
  std::optional<std::vector<DocumentPath>> paths;
  std::optional<Projection> projection = {};
  TablePointer table = {};
  std::string key = {};
};

Result<TransactionGet> parse_get(JsonValue json) {
  DDB_CHECK(check_placeholders_wanted(json, {"ProjectionExpression"}, {}));
  TransactionGet get{.table_name = text_parameter(json, "TableName")};
  DDB_ASSIGN(get.key_attributes, parse_item_parameter(json, "Key"));
  DDB_ASSIGN(Placeholders placeholders, parse_names(json));
  DDB_ASSIGN(get.paths, parse_projection_parameter(json, placeholders, OlderParameters::unknown));
  DDB_CHECK(placeholders.check_all_used());
  if (get.paths) get.projection.emplace(*get.paths);
  return get;
}

Result<std::vector<TransactionGet>> parse_gets(JsonValue elements) {
  std::vector<TransactionGet> gets;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    DDB_ASSIGN(TransactionGet get, parse_get(elements.element(i).find("Get").value()));
    gets.push_back(std::move(get));
  }
  return gets;
}

// Finds table and key of each, in the order of checks that TransactWriteItems has.
Result<void> find_items(const Database& database, std::vector<TransactionGet>& gets) {
  for (TransactionGet& get : gets) {
    DDB_ASSIGN(get.table, database.find_table(get.table_name));
  }
  std::vector<Result<void>> reasons(gets.size());
  bool canceled = false;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    TransactionGet& get = gets[i];
    if (get.paths) DDB_CHECK(check_paths_into_keys(*get.table, *get.paths));
    Result<std::string> key = key_of_request(*get.table, get.key_attributes);
    if (key) {
      get.key = *std::move(key);
    } else if (!cancels_transaction(key.error())) {
      return std::move(key).error();
    } else if (!canceled) {
      canceled = true;
      reasons[i] = std::move(key).error();
    }
  }
  if (canceled) return transaction_canceled(reasons);
  std::set<std::string> seen_keys;
  for (const TransactionGet& get : gets) DDB_CHECK(check_distinct(seen_keys, get.key));
  return {};
}

// A read does not wait for a write that is under way, it is told of it.
Result<void> check_conflicts(Database& database, const std::vector<TransactionGet>& gets) {
  std::vector<Result<void>> reasons(gets.size());
  bool canceled = false;
  for (std::size_t i = 0; i < gets.size(); ++i) {
    if (!database.key_locks().is_held(gets[i].key)) continue;
    canceled = true;
    reasons[i] = transaction_conflict();
  }
  if (canceled) return transaction_canceled(reasons);
  return {};
}

// Appends one response, nothing for an item that is not there or has nothing of what is asked for.
void append_response(std::string& out, const TransactionGet& get, ItemView item) {
  std::string shown;
  ItemPrinter(get.projection ? &*get.projection : nullptr).append(shown, item);
  if (shown != "{}") out += "\"Item\":" + shown;
}

}  // namespace

Result<void> transact_get_items(Database& database, const Request& request, std::string& out) {
  DDB_ASSIGN(std::vector<TransactionGet> gets,
             parse_gets(request.body.find("TransactItems").value()));
  DDB_CHECK(find_items(database, gets));
  DDB_CHECK(check_conflicts(database, gets));

  std::vector<std::size_t> sizes;
  std::size_t total_bytes = 0;
  out += "{\"Responses\":[";
  {
    std::set<const Table*> tables;
    for (const TransactionGet& get : gets) tables.insert(get.table.get());
    DDB_ASSIGN(const auto guards, hold_tables(tables));
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
  DDB_CHECK(check_transaction_size(total_bytes));
  out += ']';
  TableCapacities capacities(CapacityKind::transaction_read);
  for (std::size_t i = 0; i < gets.size(); ++i) {
    capacities.of(*gets[i].table).add_transaction_get(units_of(sizes[i], limits::read_unit_bytes));
  }
  capacities.append(out, capacity_detail(request.body));
  out += '}';
  return {};
}

}  // namespace ddb
