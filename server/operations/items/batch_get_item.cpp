// BatchGetItem: items of several tables by their keys. api: BatchGetItem.
#include <set>

#include "protocol/attribute_value_json.h"
#include "protocol/limits.h"
#include "server/operations/items/capacity.h"
#include "server/operations/items/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "storage/item_printer.h"

namespace pageturner {
namespace {

// What is asked of one table.
struct TableReads {
  std::string_view requested_name;  // as the request has it: a name or an ARN
  JsonValue json;
  std::vector<Item> keys = {};
  std::optional<std::vector<DocumentPath>> paths = {};
  std::optional<Projection> projection = {};
  TablePointer table = {};
  std::vector<std::string> encoded_keys = {};
};

// The whole request is held to one way of asking, whichever tables use which.
Result<void> check_whole_request(JsonValue items) {
  std::size_t keys = 0;
  std::string_view legacy;
  std::string_view expression;
  for (const auto& [name, reads] : items.members()) {
    if (reads.find("AttributesToGet")) legacy = "AttributesToGet";
    if (reads.find("ProjectionExpression")) expression = "ProjectionExpression";
    PAGETURNER_RETURN_IF_ERROR(
        check_placeholders_have_expressions(reads, {"ProjectionExpression"}, {}));
    keys += reads.find("Keys")->size();
  }
  if (!legacy.empty() && !expression.empty()) {
    return validation_error(
        "Can not use both expression and non-expression parameters in the same request: "
        "Non-expression parameters: {AttributesToGet} Expression parameters: "
        "{ProjectionExpression}");
  }
  if (keys > limits::batch_get_keys_max) {
    return validation_error("Too many items requested for the BatchGetItem call");
  }
  return {};
}

Result<TableReads> parse_reads(std::string_view name, JsonValue json) {
  TableReads reads{.requested_name = name, .json = json};
  const JsonValue keys = json.find("Keys").value();
  for (const JsonValue element : keys.elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(Item key, parse_item(element));
    reads.keys.push_back(std::move(key));
  }
  // A key is told from another by its canonical form, whatever the table.
  std::set<std::string> seen;
  for (const Item& key : reads.keys) {
    std::string text;
    append_item(text, key);
    if (!seen.insert(std::move(text)).second) {
      return validation_error("Provided list of item keys contains duplicates");
    }
  }
  PAGETURNER_ASSIGN_OR_RETURN(Placeholders placeholders, parse_names(json));
  PAGETURNER_ASSIGN_OR_RETURN(reads.paths, parse_projection_parameter(json, placeholders));
  PAGETURNER_RETURN_IF_ERROR(placeholders.check_all_used());
  if (reads.paths) reads.projection.emplace(*reads.paths);
  return reads;
}

Result<void> find_keys(Database& database, TableReads& reads) {
  PAGETURNER_ASSIGN_OR_RETURN(reads.table, database.find_table(reads.requested_name));
  for (const Item& key : reads.keys) {
    PAGETURNER_ASSIGN_OR_RETURN(std::string encoded, key_of_request(*reads.table, key));
    reads.encoded_keys.push_back(std::move(encoded));
  }
  return reads.paths ? check_paths_into_keys(*reads.table, *reads.paths) : Result<void>();
}

// What was not read because the answer was full: the request's own entry with the keys left over.
void append_unprocessed(std::string& out, const TableReads& reads, std::size_t first_unread) {
  append_json_string(out, reads.requested_name);
  out += ":{\"Keys\":[";
  for (std::size_t i = first_unread; i < reads.keys.size(); ++i) {
    if (i > first_unread) out += ',';
    append_item(out, reads.keys[i]);
  }
  out += ']';
  for (const std::string_view name :
       {"AttributesToGet", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"}) {
    const auto value = reads.json.find(name);
    if (!value) continue;
    out += ',';
    append_json_string(out, name);
    out += ':';
    value->write(out);
  }
  out += '}';
}

}  // namespace

Result<void> batch_get_item(Database& database, const Request& request, std::string& out) {
  const JsonValue items = request.body.find("RequestItems").value();
  if (items.size() == 0) {
    return validation_error("The requestItems parameter is required for BatchGetItem");
  }
  PAGETURNER_RETURN_IF_ERROR(check_whole_request(items));
  std::vector<TableReads> all_reads;
  for (const auto& [name, json] : items.members()) {
    PAGETURNER_ASSIGN_OR_RETURN(TableReads reads, parse_reads(name, json));
    all_reads.push_back(std::move(reads));
  }
  for (TableReads& reads : all_reads) PAGETURNER_RETURN_IF_ERROR(find_keys(database, reads));

  std::string unprocessed;
  TableCapacities capacities;
  std::size_t response_bytes = 0;
  out += "{\"Responses\":{";
  for (std::size_t t = 0; t < all_reads.size(); ++t) {
    const TableReads& reads = all_reads[t];
    const bool consistent = boolean_parameter(reads.json, "ConsistentRead", false);
    const ItemPrinter printer(reads.projection ? &*reads.projection : nullptr);
    ConsumedCapacity& capacity = capacities.of(*reads.table);
    if (t > 0) out += ',';
    append_json_string(out, reads.requested_name);
    out += ":[";
    PAGETURNER_ASSIGN_OR_RETURN(const auto guard, lock_table_shared(*reads.table));
    const auto view = database.engine().read_view();
    bool any = false;
    std::size_t next = 0;
    for (; next < reads.encoded_keys.size(); ++next) {
      const auto stored = view->get(reads.encoded_keys[next]);
      const std::size_t size_bytes = stored ? ItemView(*stored).size_bytes() : 0;
      if (response_bytes + size_bytes > limits::batch_size_bytes_max) break;
      response_bytes += size_bytes;
      capacity.add_get(size_bytes, consistent);
      if (!stored) continue;
      if (any) out += ',';
      any = true;
      printer.append(out, ItemView(*stored));
    }
    out += ']';
    if (next < reads.encoded_keys.size()) {
      if (!unprocessed.empty()) unprocessed += ',';
      append_unprocessed(unprocessed, reads, next);
    }
  }
  out += "},\"UnprocessedKeys\":{";
  out += unprocessed;
  out += '}';
  capacities.append(out, capacity_detail(request.body));
  out += '}';
  return {};
}

}  // namespace pageturner
