// One write of one item as requests state it: PutItem, UpdateItem, DeleteItem and the actions of
// transactions.
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

// What a request wants to become of one item.
struct WriteRequest {
  WriteKind kind;
  std::string_view table_name;
  std::string item = {};          // of a put: the item in stored form
  Item key = {};                  // of all others: the item's key
  Update update = {};             // of an update
  bool is_legacy_update = false;  // from AttributeUpdates
  std::optional<ExpressionNode> condition = {};
  bool shows_old_on_failure = false;  // ReturnValuesOnConditionCheckFailure
  std::size_t size_bytes = 0;         // of the attributes and ExpressionAttributeValues
};

// Reads the body of PutItem, UpdateItem or DeleteItem and holds it to all that can be said without
// the table, older parameters included.
Result<WriteRequest> parse_write(WriteKind kind, JsonValue body);

// Reads an action of a transaction, which has no older parameters.
Result<WriteRequest> parse_transaction_write(WriteKind kind, JsonValue action);

// Holds `request` against its table. The write fails with ConditionalCheckFailedException where the
// condition does not hold for the item as it is; the error carries that item where the request
// asked for it. An update leaves the new item, in stored form, in `new_stored` where that is not
// nullptr. `request` and `new_stored` must outlive the write, which can be made once: a put moves
// its item out of `request`. `new_stored` counts only if the write succeeds.
Result<ItemWrite> bind_write(const Database& database, WriteRequest& request,
                             std::string* new_stored = nullptr);

// The attributes that ReturnValues asks for, as JSON: those of the item before or after an update,
// all of them or what `update` touched. Empty where there are none.
std::string returned_attributes(std::string_view return_values, const Update& update,
                                const std::optional<std::string>& old_stored,
                                const std::string& new_stored);

// Makes the write and appends the answer of PutItem and DeleteItem: Attributes, where the request
// asked for the old item and there was one, and what append_write_costs appends.
Result<void> write_and_respond(Database& database, JsonValue body, const ItemWrite& write,
                               std::string& out);

// Appends ConsumedCapacity and ItemCollectionMetrics of a write to the item under `key`, where the
// request asked for them, as further members of an answer.
void append_write_costs(std::string& out, Database& database, JsonValue body, const Table& table,
                        const WriteOutcome& outcome, std::string_view key);

}  // namespace pageturner
