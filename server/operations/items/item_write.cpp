#include "server/operations/items/item_write.h"

#include <algorithm>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/condition.h"
#include "protocol/expression/projection.h"
#include "protocol/expression/update_charge.h"
#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "server/operations/items/capacity.h"
#include "server/operations/items/item_collection_metrics.h"
#include "server/operations/items/item_key.h"
#include "server/operations/parameters.h"

namespace pageturner {
namespace {

// Returns the error to report for the item of a transaction, whose first fault is `error`.
Error transaction_item_error(JsonValue item, Error error) {
  const bool is_name = error.detail == ErrorDetail::attribute_name;
  if (!is_name && error.detail != ErrorDetail::nested_too_deep) return error;
  for (const auto& [name, value] : item.members())
    PAGETURNER_RETURN_IF_ERROR(check_attribute_name(name));
  const bool is_deep = nesting_levels_of_item(item) > limits::nesting_levels_below_item_max;
  return is_name && is_deep ? nested_too_deep() : error;
}

// Reads the item of a PutItem or of a Put in a transaction.
Result<std::string> parse_put_item(JsonValue item, bool in_transaction) {
  auto stored = parse_stored_item(item);
  if (!stored && in_transaction) return transaction_item_error(item, std::move(stored).error());
  // A transaction checks the size after the key.
  if (stored && !in_transaction) PAGETURNER_RETURN_IF_ERROR(check_item_size(ItemView(*stored)));
  return stored;
}

// Reads a write without checking that legacy parameters and expressions are not mixed.
Result<WriteRequest> parse_checked(WriteKind kind, JsonValue body, LegacyParameters legacy) {
  if (kind == WriteKind::update) {
    PAGETURNER_RETURN_IF_ERROR(
        check_placeholders_have_expressions(body, {"UpdateExpression", "ConditionExpression"},
                                            {"UpdateExpression", "ConditionExpression"}));
  } else {
    PAGETURNER_RETURN_IF_ERROR(check_placeholders_have_expressions(body, {"ConditionExpression"},
                                                                   {"ConditionExpression"}));
  }
  const bool in_transaction = legacy == LegacyParameters::ignored;
  WriteRequest request{.kind = kind, .has_short_nesting_error = in_transaction};
  request.table_name = text_parameter(body, "TableName");
  Result<void> key_nesting;  // in a transaction
  if (kind == WriteKind::put) {
    PAGETURNER_ASSIGN_OR_RETURN(request.item,
                                parse_put_item(body.find("Item").value(), in_transaction));
    request.size_bytes = ItemView(request.item).size_bytes();
  } else if (auto key = parse_key_parameter(body); key) {
    request.key = *std::move(key);
    request.size_bytes = item_size_bytes(request.key);
  } else if (in_transaction && key.error().detail == ErrorDetail::nested_too_deep) {
    key_nesting = std::move(key).error();
  } else {
    return std::move(key).error();
  }
  if (legacy == LegacyParameters::accepted && kind != WriteKind::update) {
    PAGETURNER_RETURN_IF_ERROR(check_return_values(body));
  }
  PAGETURNER_ASSIGN_OR_RETURN(WriteParameters parameters,
                              parse_write_parameters(body, kind == WriteKind::update, legacy));
  PAGETURNER_RETURN_IF_ERROR(key_nesting);
  request.update = std::move(parameters.update);
  request.is_legacy_update = parameters.is_legacy_update;
  request.condition = std::move(parameters.condition);
  request.size_bytes += parameters.values_size_bytes;
  request.shows_old_on_failure =
      text_parameter(body, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
  return request;
}

// As parse_checked, and checks that legacy parameters and expressions are not mixed.
Result<WriteRequest> parse_unmixed(WriteKind kind, JsonValue body) {
  if (kind == WriteKind::update) {
    PAGETURNER_RETURN_IF_ERROR(
        check_not_mixed(body, {"AttributeUpdates", "Expected", "ConditionalOperator"},
                        {"UpdateExpression", "ConditionExpression"}));
  } else {
    PAGETURNER_RETURN_IF_ERROR(
        check_not_mixed(body, {"Expected", "ConditionalOperator"}, {"ConditionExpression"}));
  }
  return parse_checked(kind, body, LegacyParameters::accepted);
}

// Marks `error` as one about the request, unless it is one of those to which the service adds no
// prefix. These operations do not say which expressions are missing. Source: recorded answers; for
// ConditionalOperator the prefix is not on record.
Error as_request_error(Error error) {
  const bool has_no_prefix = error.detail == ErrorDetail::not_one_data_type ||
                             error.detail == ErrorDetail::conditional_operator ||
                             error.detail == ErrorDetail::item_too_large;
  if (error.detail == ErrorDetail::values_without_expressions) {
    error.mutable_texts().current_message =
        "ExpressionAttributeValues can only be specified when using expressions";
  }
  if (!has_no_prefix) error.scope = ErrorScope::request;
  return error;
}

Result<void> check_condition(const WriteRequest& request, const StoredItemSource* old_item) {
  if (!request.condition) return {};
  const bool met = old_item == nullptr ? evaluate_condition(*request.condition, EmptySource())
                                       : evaluate_condition(*request.condition, *old_item);
  if (met) return {};
  Error error = conditional_check_failed();
  if (request.shows_old_on_failure && old_item != nullptr)
    error.mutable_texts().item_json = old_item->view().json();
  return error;
}

// Whether `update` creates an absent item. An update that only removes does not.
bool creates_item(const Update& update) {
  const auto removes = [](const UpdateAction& action) {
    return action.kind == UpdateKind::remove || action.kind == UpdateKind::erase;
  };
  return update.empty() || !std::all_of(update.begin(), update.end(), removes);
}

Error nested_too_deep_for(const WriteRequest& request) {
  Error error = nested_too_deep();
  if (request.has_short_nesting_error) {
    error.message = "Nesting Levels have exceeded supported limits";
  }
  return error;
}

Error update_too_large() {
  return validation_error("Item size to update has exceeded the maximum allowed size");
}

// Returns the item that the update of `request` makes of `old`, in stored form.
Result<std::string> updated_item(const Table& table, const WriteRequest& request,
                                 const StoredItemSource& old) {
  auto evaluated = EvaluatedUpdate::evaluate(request.update, old);
  if (!evaluated) {
    Error error = std::move(evaluated).error();
    if (request.is_legacy_update && error.detail == ErrorDetail::update_operand_type) {
      error.message = "Type mismatch for attribute to update";
    }
    return as_item_error(std::move(error));
  }
  PAGETURNER_RETURN_IF_ERROR(check_updated_index_keys(table, request.update, *evaluated));
  if (evaluated->nesting_levels() > limits::nesting_levels_below_item_max) {
    return as_item_error(nested_too_deep_for(request));
  }
  // Before the item is built: it could become hundreds of times as large as it may.
  const auto size_bytes =
      evaluated->updated_size_bytes(old.view().size_bytes(), limits::item_size_bytes_max);
  if (!size_bytes) return as_item_error(update_too_large());
  return change_stored_item(old.view(), evaluated->build(), *size_bytes);
}

Result<ItemWrite> bind_put(TablePointer table, WriteRequest& request) {
  PAGETURNER_ASSIGN_OR_RETURN(std::string key, key_of_item(*table, ItemView(request.item)));
  PAGETURNER_RETURN_IF_ERROR(check_item_size(ItemView(request.item)));
  const auto apply = [&request](const StoredItemSource* old_item) -> Result<ItemChange> {
    PAGETURNER_RETURN_IF_ERROR(check_condition(request, old_item));
    return ItemChange{ItemChange::Kind::put, std::move(request.item)};
  };
  return ItemWrite{std::move(table), std::move(key), apply};
}

Result<ItemWrite> bind_update(TablePointer table, const WriteRequest& request,
                              std::string* new_stored) {
  PAGETURNER_ASSIGN_OR_RETURN(std::string key, key_of_request(*table, request.key));
  PAGETURNER_RETURN_IF_ERROR(check_update_of_keys(*table, request.update));
  if (request.update_charge_bytes > limits::item_size_bytes_max) return update_too_large();
  const auto apply = [&request, new_stored,
                      table = table.get()](const StoredItemSource* old_item) -> Result<ItemChange> {
    PAGETURNER_RETURN_IF_ERROR(check_condition(request, old_item));
    if (old_item == nullptr && !creates_item(request.update)) return ItemChange{};
    const std::string created = old_item != nullptr ? "" : encode_stored_item(request.key);
    std::optional<StoredItemSource> created_item;
    if (old_item == nullptr) old_item = &created_item.emplace(ItemView(created));
    PAGETURNER_ASSIGN_OR_RETURN(std::string updated, updated_item(*table, request, *old_item));
    ItemChange change{ItemChange::Kind::put, std::move(updated)};
    if (new_stored != nullptr) *new_stored = change.stored;
    return change;
  };
  return ItemWrite{std::move(table), std::move(key), apply};
}

// Binds a DeleteItem or a ConditionCheck.
Result<ItemWrite> bind_key_write(TablePointer table, const WriteRequest& request,
                                 ItemChange::Kind kind) {
  PAGETURNER_ASSIGN_OR_RETURN(std::string key, key_of_request(*table, request.key));
  const auto apply = [&request, kind](const StoredItemSource* old_item) -> Result<ItemChange> {
    PAGETURNER_RETURN_IF_ERROR(check_condition(request, old_item));
    return ItemChange{kind};
  };
  return ItemWrite{std::move(table), std::move(key), apply};
}

}  // namespace

Result<WriteRequest> parse_write(WriteKind kind, JsonValue body) {
  auto request = parse_unmixed(kind, body);
  if (!request) return as_request_error(std::move(request).error());
  if (!request->is_legacy_update) {
    request->update_charge_bytes = update_charge_bytes(request->update);
  }
  return request;
}

Result<WriteRequest> parse_transaction_write(WriteKind kind, JsonValue action) {
  return parse_checked(kind, action, LegacyParameters::ignored);
}

Result<ItemWrite> bind_write(const Database& database, WriteRequest& request,
                             std::string* new_stored) {
  PAGETURNER_ASSIGN_OR_RETURN(TablePointer table, database.find_table(request.table_name));
  switch (request.kind) {
    case WriteKind::put:
      return bind_put(std::move(table), request);
    case WriteKind::update:
      return bind_update(std::move(table), request, new_stored);
    case WriteKind::erase:
      return bind_key_write(std::move(table), request, ItemChange::Kind::erase);
    case WriteKind::check:
      break;
  }
  return bind_key_write(std::move(table), request, ItemChange::Kind::keep);
}

std::string returned_attributes(std::string_view return_values, const Update& update,
                                const std::optional<std::string>& old_stored,
                                const std::string& new_stored) {
  if (return_values.empty() || return_values == "NONE") return "";
  const bool old = return_values.ends_with("_OLD");
  if (old ? !old_stored : new_stored.empty()) return "";
  const ItemView item(old ? *old_stored : new_stored);
  if (return_values.starts_with("ALL_")) return std::string(item.json());
  std::string attributes;
  append_item(attributes, Projection(touched_paths(update)).apply(StoredItemSource(item)));
  return attributes == "{}" ? "" : attributes;
}

Result<void> write_and_respond(Database& database, JsonValue body, const ItemWrite& write,
                               std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const WriteOutcome outcome, write_item(database, write));
  ObjectWriter response(out);
  if (text_parameter(body, "ReturnValues") == "ALL_OLD" && outcome.old_stored) {
    response.member("Attributes") += ItemView(*outcome.old_stored).json();
  }
  append_write_costs(out, database, body, *write.table, outcome, write.key);
  return {};
}

void append_write_costs(std::string& out, Database& database, JsonValue body, const Table& table,
                        const WriteOutcome& outcome, std::string_view key) {
  ConsumedCapacity capacity(table);
  capacity.add_write(outcome);
  append_capacity(out, capacity, capacity_detail(body));
  if (!wants_item_collection_metrics(body, table)) return;
  append_item_collection_metrics(MemberWriter(out).member("ItemCollectionMetrics"), database, table,
                                 key);
}

}  // namespace pageturner
