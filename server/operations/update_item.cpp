// UpdateItem: changes attributes of an item, or creates it. api: UpdateItem.
#include "protocol/attribute_value_json.h"
#include "protocol/expression/projection.h"
#include "server/operations/item_write.h"
#include "server/operations/parameters.h"

namespace ddb {
namespace {

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
  DDB_ASSIGN(const WriteRequest write, parse_write(WriteKind::update, body));
  std::string new_stored;
  DDB_ASSIGN(const ItemWrite bound, bind_write(database, write, &new_stored));
  DDB_ASSIGN(const WriteOutcome outcome, write_item(database, bound));
  out += '{';
  append_return_values(out, text_parameter(body, "ReturnValues"), write.update, outcome.old_stored,
                       new_stored);
  append_write_costs(out, database, body, *bound.table, outcome, bound.key);
  out += '}';
  return {};
}

}  // namespace ddb
