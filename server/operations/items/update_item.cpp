// UpdateItem: changes attributes of an item, or creates the item. api: UpdateItem.
#include "protocol/object_writer.h"
#include "server/operations/items/item_write.h"
#include "server/operations/parameters.h"

namespace pageturner {

Result<void> update_item(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  PAGETURNER_ASSIGN_OR_RETURN(WriteRequest write, parse_write(WriteKind::update, body));
  const std::string_view return_values = text_parameter(body, "ReturnValues");
  std::string new_stored;
  PAGETURNER_ASSIGN_OR_RETURN(
      const ItemWrite bound,
      bind_write(database, write, return_values.ends_with("_NEW") ? &new_stored : nullptr));
  PAGETURNER_ASSIGN_OR_RETURN(const WriteOutcome outcome, write_item(database, bound));
  const std::string attributes =
      returned_attributes(return_values, write.update, outcome.old_stored, new_stored);
  ObjectWriter response(out);
  if (!attributes.empty()) response.member("Attributes") += attributes;
  append_write_costs(out, database, body, *bound.table, outcome, bound.key);
  return {};
}

}  // namespace pageturner
