// UpdateItem: changes attributes of an item, or creates it. api: UpdateItem.
#include <algorithm>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/projection.h"
#include "protocol/limits.h"
#include "server/operations/item_key.h"
#include "server/operations/item_write.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace ddb {
namespace {

Result<void> check_keys_untouched(const KeyLayout& layout, const Update& update) {
  for (const UpdateAction& action : update) {
    const std::string& name = action.path.top_level_name();
    if (is_key_attribute(layout, name)) {
      return invalid_parameter("Cannot update attribute " + name +
                               ". This attribute is part of the key");
    }
  }
  return {};
}

// An update that only takes away does nothing where there is no item; every other one creates it.
bool creates_item(const UpdateParameters& parameters) {
  const auto takes_away = [](const UpdateAction& action) {
    return action.kind == UpdateKind::remove || action.kind == UpdateKind::erase;
  };
  return parameters.update.empty() ||
         !std::all_of(parameters.update.begin(), parameters.update.end(), takes_away);
}

Result<Item> updated_item(const Table& table, const UpdateParameters& parameters, const Item& old) {
  auto updated = apply_update(parameters.update, old);
  if (!updated) {
    const bool type_mismatch =
        parameters.is_older && updated.error().message.starts_with("An operand");
    if (type_mismatch) return validation_error("Type mismatch for attribute to update");
    return updated;
  }
  DDB_CHECK(check_index_keys(table, *updated));
  if (nesting_levels(*updated) > limits::nesting_levels_below_item_max) return nested_too_deep();
  if (item_size_bytes(*updated) > limits::item_size_bytes_max) {
    return validation_error("Item size to update has exceeded the maximum allowed size");
  }
  return updated;
}

// Appends the attributes that ReturnValues asks for: those of the item before or after, all of them
// or what the update touched. Nothing where there are none.
void append_return_values(std::string& out, std::string_view return_values, const Update& update,
                          const std::optional<std::string>& old_stored,
                          const std::string& new_stored) {
  if (return_values.empty() || return_values == "NONE") return;
  const bool old = return_values.ends_with("_OLD");
  if (old ? !old_stored : new_stored.empty()) return;
  const ItemView item(old ? *old_stored : new_stored);
  std::string attributes;
  if (return_values.starts_with("ALL_")) {
    attributes = item.json();
  } else {
    append_item(attributes, Projection(touched_paths(update)).apply(StoredItemSource(item)));
  }
  if (attributes != "{}") out += "\"Attributes\":" + attributes;
}

}  // namespace

Result<void> update_item(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  DDB_CHECK(check_not_mixed(body, {"AttributeUpdates", "Expected", "ConditionalOperator"},
                            {"UpdateExpression", "ConditionExpression"}));
  DDB_CHECK(check_placeholders_wanted(body, {"UpdateExpression", "ConditionExpression"},
                                      {"UpdateExpression", "ConditionExpression"}));
  DDB_ASSIGN(const Item key_attributes, parse_item_parameter(body, "Key"));
  DDB_ASSIGN(const UpdateParameters parameters, parse_update_parameters(body));

  DDB_ASSIGN(const TablePointer table, database.find_table(text_parameter(body, "TableName")));
  DDB_ASSIGN(const std::string key, key_of_request(*table, key_attributes));
  DDB_CHECK(check_keys_untouched(table->layout, parameters.update));
  std::string new_stored;
  const auto apply = [&](const ItemView* old_item) -> Result<ItemChange> {
    DDB_CHECK(check_condition(parameters.condition, old_item, shows_old_on_failure(body)));
    new_stored.clear();
    if (old_item == nullptr && !creates_item(parameters)) return ItemChange{};
    const Item old = old_item != nullptr ? decode_stored_item(*old_item) : key_attributes;
    DDB_ASSIGN(const Item updated, updated_item(*table, parameters, old));
    new_stored = encode_stored_item(updated);
    return ItemChange{ItemChange::Kind::put, new_stored};
  };
  DDB_ASSIGN(const WriteOutcome outcome, write_item(database, {table, key, apply}));

  out += '{';
  append_return_values(out, text_parameter(body, "ReturnValues"), parameters.update,
                       outcome.old_stored, new_stored);
  append_write_costs(out, database, body, *table, outcome, key);
  out += '}';
  return {};
}

}  // namespace ddb
