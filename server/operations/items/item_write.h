// One write of one item: PutItem, UpdateItem, DeleteItem, the actions of transactions and the
// writes of PartiQL. It is parsed without the table (WriteRequest), then bound to it (ItemWrite).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/expression/ast.h"
#include "protocol/expression/update.h"
#include "server/operations/operation.h"
#include "storage/item_writer.h"

namespace pageturner {

enum class WriteKind { put, update, erase, check };  // `check`: a ConditionCheck

// A write before its table is known. It owns its values; only table_name is a view, so the text
// that it refers to must outlive the request: the body of the HTTP request or, for PartiQL,
// partiql::Statement::table.
struct WriteRequest {
  WriteKind kind;
  std::string_view table_name;    // a name or an ARN
  std::string item = {};          // of a put: the item in stored form
  Item key = {};                  // of all other kinds: the item's key
  Update update = {};             // of an update
  bool is_legacy_update = false;  // from AttributeUpdates
  // The charge of the UpdateExpression of an UpdateItem (see update_charge.h); 0: not limited.
  std::size_t update_charge_bytes = 0;
  std::optional<ExpressionNode> condition = {};
  bool shows_old_on_failure = false;     // ReturnValuesOnConditionCheckFailure
  bool has_short_nesting_error = false;  // of an update; in transactions and in PartiQL
  std::size_t size_bytes = 0;            // of the attributes and ExpressionAttributeValues
};

// Reads the body of PutItem, UpdateItem or DeleteItem, legacy parameters included, and checks all
// that does not depend on the table. The result contains a view into the document of `body`.
// Errors: ValidationException.
Result<WriteRequest> parse_write(WriteKind kind, JsonValue body);

// The same for an action of a transaction, which has no legacy parameters. Of two faults, empty
// names of the attributes of an item come first, then its nesting, then other names; the nesting of
// a key comes last. Source: recorded answers of 2026.
Result<WriteRequest> parse_transaction_write(WriteKind kind, JsonValue action);

// Finds the table of `request` and validates the request against it. Returns the write, which
// refers to `request` and `*new_stored`: both must outlive it. The write can be made once, because
// a put moves its item out of `request`. It fails with ConditionalCheckFailedException if the item
// does not satisfy the condition; the error contains the item if the request asks for it. An update
// stores the new item, in stored form, in `*new_stored` if that is not nullptr; it is valid only if
// the write succeeds. Errors: ResourceNotFoundException, ValidationException.
Result<ItemWrite> bind_write(const Database& database, WriteRequest& request,
                             std::string* new_stored = nullptr);

// Returns the attributes that `return_values` (ReturnValues) selects, as a JSON object: those of
// the item before or after an update, all of them or those that `update` changed. Empty if there
// are none.
std::string returned_attributes(std::string_view return_values, const Update& update,
                                const std::optional<std::string>& old_stored,
                                const std::string& new_stored);

// Performs the write and appends the response of PutItem and DeleteItem: Attributes, if the request
// asks for the old item and there was one, and the members of append_write_costs. Errors:
// those of write_item.
Result<void> write_and_respond(Database& database, JsonValue body, const ItemWrite& write,
                               std::string& out);

// Appends the members ConsumedCapacity and ItemCollectionMetrics of a write of the item under `key`
// to the object that `out` ends in (see MemberWriter), if the request asks for them.
void append_write_costs(std::string& out, Database& database, JsonValue body, const Table& table,
                        const WriteOutcome& outcome, std::string_view key);

}  // namespace pageturner
