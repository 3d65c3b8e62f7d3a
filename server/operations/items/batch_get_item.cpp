// BatchGetItem: returns items of several tables by their keys. api: BatchGetItem.
#include <set>
#include <span>

#include "protocol/attribute_value_json.h"
#include "protocol/limits.h"
#include "server/operations/items/capacity.h"
#include "server/operations/items/item_key.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "storage/item_printer.h"

namespace pageturner {
namespace {

// The reads of one table. Its views refer to the document of the request.
struct TableReads {
  std::string_view requested_name;  // as the request has it: a name or an ARN
  JsonValue json;
  std::vector<Item> keys = {};
  std::optional<ProjectedPaths> paths = {};
  std::optional<Projection> projection = {};
  TablePointer table = {};
  std::vector<std::string> encoded_keys = {};
};

// Checks what applies to the tables of a request together: either all use legacy parameters or all
// use expressions, and there is a limit for the number of keys.
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

// Keys are compared in their canonical form, without regard to the table.
Result<void> check_keys_differ(const std::vector<Item>& keys) {
  std::set<std::string> seen;
  for (const Item& key : keys) {
    std::string text;
    append_item(text, key);
    if (!seen.insert(std::move(text)).second) {
      return validation_error("Provided list of item keys contains duplicates");
    }
  }
  return {};
}

Result<TableReads> parse_reads(std::string_view name, JsonValue json) {
  TableReads reads{.requested_name = name, .json = json};
  const JsonValue keys = json.find("Keys").value();
  for (const JsonValue element : keys.elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(Item key, parse_key(element));
    reads.keys.push_back(std::move(key));
  }
  PAGETURNER_ASSIGN_OR_RETURN(Placeholders placeholders, parse_names(json));
  PAGETURNER_ASSIGN_OR_RETURN(reads.paths, parse_projection_parameter(json, placeholders));
  PAGETURNER_RETURN_IF_ERROR(check_keys_differ(reads.keys));
  PAGETURNER_RETURN_IF_ERROR(placeholders.check_all_used());
  if (reads.paths) reads.projection.emplace(*reads.paths);
  return reads;
}

// Finds the table and encodes the keys.
Result<void> find_keys(Database& database, TableReads& reads) {
  PAGETURNER_ASSIGN_OR_RETURN(reads.table, database.find_table(reads.requested_name));
  for (const Item& key : reads.keys) {
    PAGETURNER_ASSIGN_OR_RETURN(std::string encoded, key_of_request(*reads.table, key));
    reads.encoded_keys.push_back(std::move(encoded));
  }
  return reads.paths ? check_paths_into_keys(*reads.table, reads.paths->paths) : Result<void>();
}

// The keys that were not read because the response was full.
struct UnreadKeys {
  const TableReads* reads;
  std::size_t first;
};

// Writes a member of UnprocessedKeys: the table's entry in the request with the unread keys.
void write_unprocessed(MemberWriter& tables, const UnreadKeys& unread) {
  const TableReads& reads = *unread.reads;
  ObjectWriter object(tables.member(reads.requested_name));
  append_list(object.member("Keys"), std::span(reads.keys).subspan(unread.first), append_item);
  for (const std::string_view name :
       {"AttributesToGet", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"}) {
    if (const auto value = reads.json.find(name)) value->write(object.member(name));
  }
}

// Reads the items of one table into the array `out` and adds their size to `response_bytes`. Stops
// before the item that would exceed limits::batch_size_bytes_max. Returns the number of keys read.
Result<std::size_t> read_items(Database& database, const TableReads& reads,
                               ConsumedCapacity& capacity, std::size_t& response_bytes,
                               std::string& out) {
  const bool consistent = boolean_parameter(reads.json, "ConsistentRead", false);
  const ItemPrinter printer(reads.projection ? &*reads.projection : nullptr);
  ArrayWriter items(out);
  PAGETURNER_ASSIGN_OR_RETURN(const auto guard, lock_table_shared(*reads.table));
  const auto view = database.engine().read_view();
  std::size_t next = 0;
  for (; next < reads.encoded_keys.size(); ++next) {
    const auto stored = view->get(reads.table->layout.space, reads.encoded_keys[next]);
    const std::size_t size_bytes = stored ? ItemView(*stored).size_bytes() : 0;
    if (response_bytes + size_bytes > limits::batch_size_bytes_max) break;
    response_bytes += size_bytes;
    capacity.add_get(size_bytes, consistent);
    if (stored) printer.append(items.element(), ItemView(*stored));
  }
  return next;
}

}  // namespace

Result<void> batch_get_item(Database& database, const Request& request, std::string& out) {
  const JsonValue items = request.body.find("RequestItems").value();
  PAGETURNER_RETURN_IF_ERROR(check_whole_request(items));
  std::vector<TableReads> all_reads;
  for (const auto& [name, json] : items.members()) {
    PAGETURNER_ASSIGN_OR_RETURN(TableReads reads, parse_reads(name, json));
    all_reads.push_back(std::move(reads));
  }
  for (TableReads& reads : all_reads) PAGETURNER_RETURN_IF_ERROR(find_keys(database, reads));

  std::vector<UnreadKeys> all_unread;
  TableCapacities capacities;
  ObjectWriter response(out);
  {
    std::size_t response_bytes = 0;
    ObjectWriter tables(response.member("Responses"));
    for (const TableReads& reads : all_reads) {
      PAGETURNER_ASSIGN_OR_RETURN(const std::size_t count,
                                  read_items(database, reads, capacities.of(*reads.table),
                                             response_bytes, tables.member(reads.requested_name)));
      if (count < reads.keys.size()) all_unread.push_back({&reads, count});
    }
  }
  {
    ObjectWriter tables(response.member("UnprocessedKeys"));
    for (const UnreadKeys& unread : all_unread) write_unprocessed(tables, unread);
  }
  capacities.append(out, capacity_detail(request.body));
  return {};
}

}  // namespace pageturner
