// Functions of ExecuteStatement, BatchExecuteStatement and ExecuteTransaction.
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

// Returns the Parameters of a statement. Errors: ValidationException for invalid values.
Result<std::vector<SharedValue>> parse_statement_parameters(JsonValue json);

// Parses Statement and Parameters of `json`, a whole request or one of its elements. Errors: those
// of parse_statement_parameters() and partiql::parse_statement().
Result<partiql::Statement> parse_statement_input(JsonValue json);

// Returns the table and, if the statement names one, the index that it reads. Errors:
// ValidationException for an index with a key of several attributes, then for COUNT(*);
// ResourceNotFoundException; ValidationException for an index that does not exist or does not
// support consistent reads. Source: recorded answers.
Result<PageSource> find_statement_source(Database& database, const partiql::Statement& statement,
                                         bool consistent);

// Returns the key schema of `layout`, that of a table or an index.
KeySchema schema_of(const KeyLayout& layout);

// Returns the projection of a SELECT; nullopt for *.
std::optional<Projection> projection_of(const partiql::Statement& statement);

// Runs a SELECT and appends the whole response to `out`: Items, NextToken, LastEvaluatedKey and
// ConsumedCapacity. `body` is the request of an ExecuteStatement.
Result<void> select_and_respond(Database& database, JsonValue body,
                                const partiql::Statement& statement, std::string& out);

// Returns the key of the item that a SELECT in a batch or a transaction reads. Errors:
// ValidationException, with the name `operation`, for a SELECT of anything but one item by its key.
// The values of the key are not checked; key_of_request() does that.
Result<Item> key_of_select(const partiql::Statement& statement, const Table& table,
                           std::string_view operation);

// Returns the write of a statement, checked against its table except for the values of the key,
// with the ReturnValuesOnConditionCheckFailure of `json`, the request or the element of it with the
// statement. `in_transaction` leaves an incomplete key to bind_statement(). `statement` and the
// result must outlive a write that is bound to them.
Result<WriteRequest> write_request_of(JsonValue json, const partiql::Statement& statement,
                                      const Table& table, bool in_transaction);

// Like bind_write(), with the rules of PartiQL: an INSERT of an item that exists fails with
// DuplicateItemException.
Result<ItemWrite> bind_statement(const Database& database, const partiql::Statement& statement,
                                 WriteRequest& request, std::string* new_stored = nullptr);

// Returns the attributes that RETURNING asks for, as JSON; empty if there are none.
std::string returned_item(const partiql::Statement& statement,
                          const std::optional<std::string>& old_stored,
                          const std::string& new_stored);

}  // namespace pageturner
