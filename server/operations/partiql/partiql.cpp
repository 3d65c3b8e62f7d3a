#include "server/operations/partiql/partiql.h"

#include <array>
#include <iterator>

#include "protocol/attribute_value_json.h"
#include "protocol/partiql/parser.h"
#include "protocol/text.h"
#include "server/operations/items/item_key.h"
#include "server/operations/parameters.h"

namespace pageturner {

using partiql::Statement;
using partiql::StatementKind;

namespace {

// The condition attribute_exists or attribute_not_exists on the item.
ExpressionNode presence_of_item(const Table& table, Function function) {
  return operator_node(function, operand_list(path_node(table.layout.partition.front().name)));
}

// Returns the condition that the current item must satisfy. An UPDATE requires that it exists; a
// DELETE of an absent item succeeds whatever its WHERE.
std::optional<ExpressionNode> condition_of(StatementKind kind, const Table& table,
                                           std::optional<ExpressionNode> condition) {
  switch (kind) {
    case StatementKind::update: {
      ExpressionNode exists = presence_of_item(table, Function::attribute_exists);
      if (!condition) return exists;
      return operator_node(NodeKind::logical_and,
                           operand_list(std::move(exists), *std::move(condition)));
    }
    case StatementKind::erase:
      if (!condition) break;
      return operator_node(NodeKind::logical_or,
                           operand_list(presence_of_item(table, Function::attribute_not_exists),
                                        *std::move(condition)));
    case StatementKind::select:
    case StatementKind::exists:
    case StatementKind::insert:
      break;
  }
  return condition;
}

WriteKind write_kind(StatementKind kind) {
  switch (kind) {
    case StatementKind::insert:
      return WriteKind::put;
    case StatementKind::update:
      return WriteKind::update;
    case StatementKind::erase:
      return WriteKind::erase;
    case StatementKind::select:
    case StatementKind::exists:
      break;
  }
  return WriteKind::check;
}

// Checks that the WHERE of a write has the key that its kind requires.
Result<void> check_target(const partiql::WriteTarget& target, StatementKind kind,
                          bool in_transaction) {
  if (kind == StatementKind::exists) {
    if (target.is_whole && target.condition) return {};
    return validation_error("EXISTS() must contain a single item read with additional condition");
  }
  if (!target.is_whole && !in_transaction) {
    return validation_error(
        "Where clause does not contain a mandatory equality on all key attributes");
  }
  if (!target.named_twice) return {};
  return as_item_error(
      validation_error(concat("Multiple conditions on same key ", *target.named_twice,
                              ". Only single item Update/Insert/Delete are supported")));
}

}  // namespace

Result<std::vector<SharedValue>> parse_statement_parameters(JsonValue json) {
  // A statement of 8,192 bytes has fewer question marks, so more values are an error in any case.
  constexpr std::size_t kept_max = 8192;
  PAGETURNER_ASSIGN_OR_RETURN(std::vector<AttributeValue> values,
                              parse_attribute_values(json.elements_of("Parameters"), kept_max));
  return std::vector<SharedValue>(std::make_move_iterator(values.begin()),
                                  std::make_move_iterator(values.end()));
}

Result<Statement> parse_statement_input(JsonValue json) {
  PAGETURNER_ASSIGN_OR_RETURN(std::vector<SharedValue> parameters,
                              parse_statement_parameters(json));
  return partiql::parse_statement(text_parameter(json, "Statement"), std::move(parameters));
}

Result<PageSource> find_statement_source(Database& database, const Statement& statement,
                                         bool consistent) {
  PageSource source;
  auto table = database.find_table(statement.table);
  if (table) source.table = *table;
  if (table && statement.index) source.index = source.table->find_index(*statement.index);
  if (source.index != nullptr &&
      (source.layout().partition.size() > 1 || source.layout().sort.size() > 1)) {
    return validation_error(
        "PartiQL statements cannot be executed on tables with multi-attribute HASH keys or "
        "multi-attribute RANGE keys.");
  }
  if (statement.count_error) return *statement.count_error;
  if (!table) return table.error();
  if (!statement.index) return source;
  if (source.index == nullptr) {
    return validation_error("The table does not have the specified index");
  }
  if (consistent && source.index->description.is_global) {
    return validation_error(
        "Strongly consistent read is not supported on Global Secondary Indexes");
  }
  return source;
}

KeySchema schema_of(const KeyLayout& layout) { return {layout.partition, layout.sort}; }

std::optional<Projection> projection_of(const Statement& statement) {
  if (!statement.columns) return std::nullopt;
  std::vector<std::pair<std::string, DocumentPath>> columns;
  for (const partiql::Column& column : *statement.columns) {
    columns.emplace_back(column.name, column.path);
  }
  return Projection::under_names(std::move(columns));
}

Result<Item> key_of_select(const Statement& statement, const Table& table,
                           std::string_view operation) {
  const KeySchema schema = schema_of(table.layout);
  PAGETURNER_ASSIGN_OR_RETURN(const partiql::ReadPlan plan,
                              partiql::plan_reads(statement.where, schema));
  PAGETURNER_ASSIGN_OR_RETURN(std::optional<Item> key, partiql::whole_key(plan, schema));
  if (key) return *std::move(key);
  return validation_error(concat("Select statements within ", operation,
                                 " must specify the primary key in the where clause."));
}

Result<WriteRequest> write_request_of(JsonValue json, const Statement& statement,
                                      const Table& table, bool in_transaction) {
  WriteRequest request{.kind = write_kind(statement.kind), .has_short_nesting_error = true};
  request.table_name = statement.table;
  request.shows_old_on_failure =
      text_parameter(json, "ReturnValuesOnConditionCheckFailure") == "ALL_OLD";
  if (statement.kind == StatementKind::insert) {
    request.item = encode_stored_item(statement.item);
    request.size_bytes = ItemView(request.item).size_bytes();
  } else {
    partiql::WriteTarget target = partiql::find_target(statement.where, schema_of(table.layout));
    PAGETURNER_RETURN_IF_ERROR(check_target(target, statement.kind, in_transaction));
    request.key = std::move(target.key);
    request.condition = condition_of(statement.kind, table, std::move(target.condition));
    request.update = statement.update;
    request.size_bytes = item_size_bytes(request.key);
  }
  return request;
}

Result<ItemWrite> bind_statement(const Database& database, const Statement& statement,
                                 WriteRequest& request, std::string* new_stored) {
  PAGETURNER_ASSIGN_OR_RETURN(ItemWrite write, bind_write(database, request, new_stored));
  const bool is_insert = statement.kind == StatementKind::insert;
  write.apply = [is_insert, apply = std::move(write.apply)](
                    const StoredItemSource* old_item) -> Result<ItemChange> {
    if (is_insert && old_item != nullptr) {
      return Error{ErrorType::duplicate_item, "Duplicate primary key exists in table"};
    }
    return apply(old_item);
  };
  return write;
}

std::string returned_item(const Statement& statement, const std::optional<std::string>& old_stored,
                          const std::string& new_stored) {
  constexpr std::array<std::string_view, 5> return_values = {"NONE", "ALL_OLD", "UPDATED_OLD",
                                                             "ALL_NEW", "UPDATED_NEW"};
  return returned_attributes(return_values[static_cast<std::size_t>(statement.returning)],
                             statement.update, old_stored, new_stored);
}

}  // namespace pageturner
