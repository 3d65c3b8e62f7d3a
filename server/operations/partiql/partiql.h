// What ExecuteStatement, BatchExecuteStatement and ExecuteTransaction have in common.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/json.h"
#include "protocol/partiql/statement.h"
#include "server/operations/items/item_write.h"
#include "server/operations/pages/page.h"
#include "server/operations/partiql/read_plan.h"

namespace pageturner {

// The Parameters of a statement. Errors: ValidationException for values that are none.
Result<std::vector<AttributeValue>> parse_statement_parameters(JsonValue json);

// Statement and Parameters of `json`, an element of a request or the whole of it.
Result<partiql::Statement> parse_statement_input(JsonValue json);

// The table and, where the statement names one, the index it reads. Errors:
// ResourceNotFoundException; ValidationException for an index that is not there, has a key of
// several attributes or cannot be read consistently. Source: recorded answers.
Result<PageSource> find_statement_source(Database& database, const partiql::Statement& statement,
                                         bool consistent);

// The schema of what is read, and of a table's items.
KeySchema schema_of(const KeyLayout& layout);

// What a SELECT shows of an item; nothing: all of it.
std::optional<Projection> projection_of(const partiql::Statement& statement);

// Runs a SELECT and appends the whole answer to `out`: Items, NextToken, LastEvaluatedKey and what
// it costs. `body` is the request of an ExecuteStatement.
Result<void> select_and_respond(Database& database, JsonValue body,
                                const partiql::Statement& statement, std::string& out);

// The read of the one item that a SELECT of a batch or a transaction means. `operation` stands in
// the complaint about one that means anything else. Errors: ValidationException; one of the key
// alone is as key_of_request gives it.
Result<Item> key_of_select(const partiql::Statement& statement, const Table& table,
                           std::string_view operation);

// A write as a statement states it, held to its table but for the key's values. `in_transaction`
// leaves a key that is not whole to bind_statement. `statement` and what comes back have to outlive
// the write that is bound to them.
Result<WriteRequest> write_request_of(const partiql::Statement& statement, const Table& table,
                                      bool in_transaction);

// bind_write with what is PartiQL's own: an INSERT of an item that is there fails with
// DuplicateItemException.
Result<ItemWrite> bind_statement(const Database& database, const partiql::Statement& statement,
                                 WriteRequest& request, std::string* new_stored = nullptr);

// What RETURNING asks for, as JSON; empty where there is nothing to show.
std::string returned_item(const partiql::Statement& statement,
                          const std::optional<std::string>& old_stored,
                          const std::string& new_stored);

}  // namespace pageturner
