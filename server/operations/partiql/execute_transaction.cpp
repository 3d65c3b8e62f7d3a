// ExecuteTransaction: several PartiQL statements as one transaction. api: ExecuteTransaction.
#include <algorithm>

#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/items/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/partiql/partiql.h"
#include "server/operations/transactions/transaction.h"
#include "server/operations/transactions/transaction_read.h"
#include "server/operations/transactions/transaction_write.h"

namespace pageturner {
namespace {

using partiql::Returning;
using partiql::Statement;
using partiql::StatementKind;

Error in_statement(std::size_t number, Error error) {
  error.message = concat("Validation failed in TransactStatements[", number, "]: ", error.message);
  return error;
}

// Parses all statements. Errors in Parameters are reported before errors in any statement, without
// its number.
Result<std::vector<Statement>> parse_statements(JsonValue elements) {
  for (const JsonValue element : elements.elements()) {
    PAGETURNER_RETURN_IF_ERROR(parse_statement_parameters(element));
  }
  std::vector<Statement> statements;
  for (const JsonValue element : elements.elements()) {
    auto statement = parse_statement_input(element);
    if (!statement) return in_statement(statements.size(), std::move(statement).error());
    if (statement->count_error) return in_statement(statements.size(), *statement->count_error);
    statements.push_back(*std::move(statement));
  }
  return statements;
}

Result<bool> is_read(const std::vector<Statement>& statements) {
  const auto reads = std::count_if(
      statements.begin(), statements.end(),
      [](const Statement& statement) { return statement.kind == StatementKind::select; });
  if (reads == 0) return false;
  if (static_cast<std::size_t>(reads) == statements.size()) return true;
  return validation_error(
      "ExecuteTransaction API does not support both read and write operations in the same "
      "request.");
}

Result<void> check_allowed(const Statement& statement) {
  if (statement.returning != Returning::none) {
    return validation_error("RETURNING clause is not supported in ExecuteTransaction.");
  }
  if (!statement.index) return {};
  return validation_error("Reads on indices are not supported within transactions.");
}

// Calls `prepare` with the index and the table of each statement. A table that does not exist
// cancels the transaction, unless another statement fails the request.
template <class Prepare>
Result<void> for_each_statement(const Database& database, const std::vector<Statement>& statements,
                                Prepare prepare) {
  std::vector<Result<void>> reasons(statements.size());
  bool canceled = false;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Result<TablePointer> table = database.find_table(statements[i].table);
    Result<void> prepared = table ? check_allowed(statements[i]) : Result<void>(table.error());
    if (prepared) prepared = prepare(i, *table);
    if (prepared) continue;
    const bool is_reason = cancels_transaction(prepared.error()) || !table;
    if (!is_reason) return in_statement(i, std::move(prepared).error());
    canceled = true;
    reasons[i] = std::move(prepared);
  }
  if (canceled) return transaction_canceled(reasons);
  return {};
}

Result<void> read_all(Database& database, JsonValue body, const std::vector<Statement>& statements,
                      std::string& out) {
  std::vector<TransactionGet> gets(statements.size());
  PAGETURNER_RETURN_IF_ERROR(for_each_statement(
      database, statements, [&](std::size_t i, const TablePointer& table) -> Result<void> {
        PAGETURNER_ASSIGN_OR_RETURN(const Item key,
                                    key_of_select(statements[i], *table, "ExecuteTransaction"));
        PAGETURNER_ASSIGN_OR_RETURN(std::string encoded, key_of_request(*table, key));
        gets[i] = {table, std::move(encoded), projection_of(statements[i])};
        return {};
      }));
  PAGETURNER_RETURN_IF_ERROR(check_distinct_gets(gets));
  return get_and_respond(database, body, gets, out);
}

Result<void> write_all(Database& database, JsonValue body, const std::vector<Statement>& statements,
                       std::string& out) {
  std::vector<WriteRequest> requests(statements.size());
  const JsonElements elements = body.elements_of("TransactStatements");
  const std::vector<JsonValue> inputs(elements.begin(), elements.end());
  std::vector<ItemWrite> writes;
  std::size_t size_bytes = 0;
  PAGETURNER_RETURN_IF_ERROR(for_each_statement(
      database, statements, [&](std::size_t i, const TablePointer& table) -> Result<void> {
        PAGETURNER_ASSIGN_OR_RETURN(requests[i],
                                    write_request_of(inputs[i], statements[i], *table, true));
        size_bytes += requests[i].size_bytes;
        PAGETURNER_ASSIGN_OR_RETURN(ItemWrite write,
                                    bind_statement(database, statements[i], requests[i]));
        writes.push_back(std::move(write));
        return {};
      }));
  PAGETURNER_RETURN_IF_ERROR(check_transaction_size(size_bytes));
  PAGETURNER_RETURN_IF_ERROR(check_distinct_writes(writes));
  PAGETURNER_ASSIGN_OR_RETURN(const TableCapacities capacities,
                              make_transaction(database, body, "ExecuteTransaction", writes));
  ObjectWriter response(out);
  response.empty_list("Responses");
  capacities.append(out, capacity_detail(body));
  return {};
}

}  // namespace

Result<void> execute_transaction(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const std::vector<Statement> statements,
                              parse_statements(request.body.find("TransactStatements").value()));
  PAGETURNER_ASSIGN_OR_RETURN(const bool reads, is_read(statements));
  return reads ? read_all(database, request.body, statements, out)
               : write_all(database, request.body, statements, out);
}

}  // namespace pageturner
