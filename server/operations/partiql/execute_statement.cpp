// ExecuteStatement: one PartiQL statement. api: ExecuteStatement.
#include "protocol/object_writer.h"
#include "server/operations/items/capacity.h"
#include "server/operations/parameters.h"
#include "server/operations/partiql/partiql.h"

namespace pageturner {
namespace {

using partiql::Statement;
using partiql::StatementKind;

Result<void> write_statement_and_respond(Database& database, JsonValue body,
                                         const Statement& statement, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, database.find_table(statement.table));
  PAGETURNER_ASSIGN_OR_RETURN(WriteRequest request,
                              write_request_of(body, statement, *table, false));
  std::string new_stored;
  PAGETURNER_ASSIGN_OR_RETURN(const ItemWrite write,
                              bind_statement(database, statement, request, &new_stored));
  PAGETURNER_ASSIGN_OR_RETURN(const WriteOutcome outcome, write_item(database, write));
  ObjectWriter response(out);
  {
    ArrayWriter items(response.member("Items"));
    out += returned_item(statement, outcome.old_stored, new_stored);
  }
  ConsumedCapacity capacity(*write.table);
  capacity.add_write(outcome);
  append_capacity(out, capacity, capacity_detail(body));
  return {};
}

}  // namespace

Result<void> execute_statement(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const Statement statement, parse_statement_input(request.body));
  if (statement.kind == StatementKind::select) {
    return select_and_respond(database, request.body, statement, out);
  }
  if (statement.kind == StatementKind::exists) {
    return validation_error("EXISTS can only be used in ExecuteTransaction write requests.");
  }
  return write_statement_and_respond(database, request.body, statement, out);
}

}  // namespace pageturner
