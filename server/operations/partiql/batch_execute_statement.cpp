// BatchExecuteStatement: several independent PartiQL statements. api: BatchExecuteStatement.
#include "protocol/object_writer.h"
#include "server/operations/items/capacity.h"
#include "server/operations/items/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/partiql/partiql.h"
#include "server/operations/transactions/transaction.h"
#include "storage/item_printer.h"

namespace pageturner {
namespace {

using partiql::Statement;
using partiql::StatementKind;

// The result of one statement. `table` is set once it is known.
struct StatementResponse {
  TablePointer table = {};
  std::string item_json = {};  // empty: none
  std::optional<Error> error = {};
};

void append_statement_response(std::string& out, const StatementResponse& response) {
  ObjectWriter object(out);
  if (response.error) {
    ObjectWriter error(object.member("Error"));
    error.text("Code", reason_code(response.error->type));
    error.text("Message", response.error->message);
    const std::string& item_json = response.error->texts().item_json;
    if (!item_json.empty()) error.member("Item") += item_json;
  } else if (!response.item_json.empty()) {
    object.member("Item") += response.item_json;
  }
  if (response.table) object.text("TableName", response.table->description.name);
}

Result<void> read_item(Database& database, JsonValue json, const Statement& statement,
                       TableCapacities& capacities, StatementResponse& response) {
  const bool consistent = boolean_parameter(json, "ConsistentRead", false);
  PAGETURNER_ASSIGN_OR_RETURN(const PageSource source,
                              find_statement_source(database, statement, consistent));
  if (source.index != nullptr) {
    return validation_error(
        "Select statements within BatchExecuteStatement must specify the primary key in the where "
        "clause.");
  }
  PAGETURNER_ASSIGN_OR_RETURN(const Item key_attributes,
                              key_of_select(statement, *source.table, "BatchExecuteStatement"));
  PAGETURNER_ASSIGN_OR_RETURN(const std::string key, key_of_request(*source.table, key_attributes));
  const auto projection = projection_of(statement);
  std::size_t size_bytes = 0;
  {
    PAGETURNER_ASSIGN_OR_RETURN(const auto guard, lock_table_shared(*source.table));
    const auto view = database.engine().read_view();
    if (const auto stored = view->get(source.table->layout.space, key)) {
      size_bytes = ItemView(*stored).size_bytes();
      ItemPrinter(projection ? &*projection : nullptr)
          .append(response.item_json, ItemView(*stored));
    }
  }
  response.table = source.table;
  capacities.of(*source.table).add_get(size_bytes, consistent);
  return {};
}

Result<void> write_one(Database& database, JsonValue json, const Statement& statement,
                       TableCapacities& capacities, StatementResponse& response) {
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, database.find_table(statement.table));
  PAGETURNER_ASSIGN_OR_RETURN(WriteRequest request,
                              write_request_of(json, statement, *table, false));
  std::string new_stored;
  PAGETURNER_ASSIGN_OR_RETURN(const ItemWrite write,
                              bind_statement(database, statement, request, &new_stored));
  response.table = write.table;
  PAGETURNER_ASSIGN_OR_RETURN(const WriteOutcome outcome, write_item(database, write));
  response.item_json = returned_item(statement, outcome.old_stored, new_stored);
  capacities.of(*write.table).add_write(outcome);
  return {};
}

// Runs one statement, again if its table changed before it was read or written. The whole batch
// cannot be run again, since earlier statements have been executed.
StatementResponse run(Database& database, JsonValue json, const Statement& statement,
                      TableCapacities& capacities) {
  StatementResponse response;
  if (statement.kind == StatementKind::exists) {
    response.error =
        validation_error("EXISTS can only be used in ExecuteTransaction write requests.");
    return response;
  }
  while (true) {
    response = {};
    const Result<void> done = statement.kind == StatementKind::select
                                  ? read_item(database, json, statement, capacities, response)
                                  : write_one(database, json, statement, capacities, response);
    if (done) return response;
    if (done.error().type == ErrorType::table_changed) continue;
    response.error = done.error();
    return response;
  }
}

// Refuses a batch with both reads and writes. Statements that do not parse are neither, nor is
// COUNT(*).
Result<void> check_one_kind(const std::vector<Result<Statement>>& statements) {
  bool reads = false;
  bool writes = false;
  for (const auto& statement : statements) {
    if (!statement || statement->count_error) continue;
    (statement->kind == StatementKind::select ? reads : writes) = true;
  }
  if (!reads || !writes) return {};
  return validation_error(
      "BatchExecuteStatement API does not support both read and write operations in the same "
      "request.");
}

}  // namespace

Result<void> batch_execute_statement(Database& database, const Request& request, std::string& out) {
  const JsonValue elements = request.body.find("Statements").value();
  std::vector<Result<Statement>> statements;
  for (const JsonValue element : elements.elements()) {
    statements.push_back(parse_statement_input(element));
  }
  PAGETURNER_RETURN_IF_ERROR(check_one_kind(statements));
  TableCapacities capacities;
  // Keeps the tables alive to which `capacities` refers.
  std::vector<StatementResponse> responses;
  ObjectWriter object(out);
  {
    ArrayWriter list(object.member("Responses"));
    auto statement = statements.begin();
    for (const JsonValue element : elements.elements()) {
      responses.push_back(*statement ? run(database, element, **statement, capacities)
                                     : StatementResponse{.error = statement->error()});
      ++statement;
      append_statement_response(list.element(), responses.back());
    }
  }
  if (!capacities.empty()) capacities.append(out, capacity_detail(request.body));
  return {};
}

}  // namespace pageturner
