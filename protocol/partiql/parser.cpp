#include "protocol/partiql/parser.h"

#include <algorithm>
#include <array>
#include <set>

#include "protocol/expression/projection.h"
#include "protocol/partiql/condition.h"
#include "protocol/partiql/literal.h"
#include "protocol/partiql/reader.h"
#include "protocol/text.h"

namespace pageturner::partiql {
namespace {

// Parses "table" or "table"."index". An empty `complaint`: that of unexpected_term().
Result<void> parse_table(Reader& reader, Statement& statement, std::string_view complaint) {
  if (!reader.at_name()) {
    return complaint.empty() ? unexpected_term(reader.peek()) : not_well_formed(complaint);
  }
  std::vector<std::string> names = {reader.next().text};
  while (reader.accept_symbol(".")) {
    if (!reader.at_name()) return not_well_formed("Invalid path dot component");
    names.push_back(reader.next().text);
  }
  if (std::find(names.begin(), names.end(), "") != names.end()) {
    reader.defer(validation_error("Path component cannot be an empty string"));
  } else if (names.size() > 2) {
    reader.defer(validation_error("A path may contain at most 2 components in the FROM clause"));
  }
  statement.table = names[0];
  if (names.size() > 1) statement.index = names[1];
  return {};
}

// Defers an error for an alias of a table or column, with or without AS.
void refuse_alias(Reader& reader) {
  reader.accept_keyword("AS");
  if (!reader.at_name()) return;
  reader.next();
  reader.defer(validation_error("Aliasing is not supported"));
}

void refuse_index(Reader& reader, const Statement& statement, std::string_view complaint) {
  if (statement.index) reader.defer(validation_error(std::string(complaint)));
}

Result<void> parse_where(Reader& reader, Statement& statement) {
  if (!reader.accept_keyword("WHERE")) return {};
  if (reader.at_end()) return not_well_formed("Unexpected term");
  PAGETURNER_ASSIGN_OR_RETURN(statement.where, parse_condition(reader));
  return {};
}

// The name of a column: the last name in its path and the indexes after it.
std::string column_name(const DocumentPath& path) {
  std::string name;
  for (const PathElement& element : path.elements) {
    if (const auto* text = std::get_if<std::string>(&element)) {
      name = *text;
    } else {
      name += concat("[", std::get<std::size_t>(element), "]");
    }
  }
  return name;
}

Result<Column> parse_column(Reader& reader) {
  const Token token = reader.peek();
  const bool is_value = token.kind == TokenKind::parameter || at_literal(reader);
  if (is_value || reader.at_call()) {
    reader.defer(validation_error(concat("Unexpected path component", to_string(token.position))));
    if (token.is_keyword("COUNT") && reader.peek(2).is_symbol("*")) {
      for (int i = 0; i < 3; ++i) reader.next();
      PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol(")", "Expected RIGHT_PAREN"));
    } else {
      PAGETURNER_RETURN_IF_ERROR(parse_operand(reader, FunctionPlace::nowhere));
    }
    return Column{};
  }
  if (!reader.at_name()) return unexpected_term(token);
  PAGETURNER_ASSIGN_OR_RETURN(DocumentPath path, parse_path(reader, "Unexpected term"));
  if (reader.peek().is_keyword("AS")) refuse_alias(reader);
  return Column{column_name(path), path};
}

Result<void> parse_columns(Reader& reader, Statement& statement) {
  if (reader.accept_symbol("*")) return {};
  std::vector<Column> columns;
  std::set<std::string> names;
  do {
    const bool is_count = reader.at_call() && reader.peek().is_keyword("COUNT") &&
                          reader.peek(2).is_symbol("*") && !reader.deferred();
    PAGETURNER_ASSIGN_OR_RETURN(Column column, parse_column(reader));
    if (is_count) statement.count_error = reader.deferred();
    if (!names.insert(column.name).second) {
      reader.defer(
          validation_error(concat("Duplicate identifiers in select clause: ", column.name)));
    }
    columns.push_back(std::move(column));
  } while (reader.accept_symbol(","));
  statement.columns = std::move(columns);
  return {};
}

Result<void> parse_order(Reader& reader, Statement& statement) {
  if (!reader.accept_keyword("ORDER")) return {};
  if (!reader.accept_keyword("BY")) return not_well_formed("Expected BY");
  do {
    if (!reader.at_name()) return unexpected_term(reader.peek());
    OrderKey key{reader.take_attribute_name()};
    key.descending = reader.accept_keyword("DESC");
    if (!key.descending) reader.accept_keyword("ASC");
    statement.order_by.push_back(std::move(key));
  } while (reader.accept_symbol(","));
  return {};
}

// Defers an error for a clause of SQL that DynamoDB does not support.
void refuse_other_clauses(Reader& reader) {
  constexpr std::array<std::string_view, 4> clauses = {"LIMIT", "OFFSET", "GROUP", "HAVING"};
  for (const std::string_view clause : clauses) {
    if (!reader.peek().is_keyword(clause)) continue;
    reader.defer(validation_error(concat("Unsupported clause: ", clause)));
    while (reader.peek().kind != TokenKind::end_of_text) reader.next();
  }
}

Result<void> parse_select(Reader& reader, Statement& statement) {
  PAGETURNER_RETURN_IF_ERROR(parse_columns(reader, statement));
  if (!reader.accept_keyword("FROM")) return not_well_formed("Expected FROM");
  PAGETURNER_RETURN_IF_ERROR(parse_table(reader, statement, ""));
  refuse_alias(reader);
  PAGETURNER_RETURN_IF_ERROR(parse_where(reader, statement));
  PAGETURNER_RETURN_IF_ERROR(parse_order(reader, statement));
  if (statement.kind == StatementKind::select) refuse_other_clauses(reader);
  return {};
}

Result<void> parse_exists(Reader& reader, Statement& statement) {
  statement.kind = StatementKind::exists;
  PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol("(", "Expected LEFT_PAREN"));
  if (!reader.accept_keyword("SELECT")) return unexpected_term(reader.peek());
  PAGETURNER_RETURN_IF_ERROR(parse_select(reader, statement));
  return reader.expect_symbol(")", "Expected RIGHT_PAREN");
}

Result<void> parse_insert(Reader& reader, Statement& statement) {
  statement.kind = StatementKind::insert;
  if (!reader.accept_keyword("INTO")) return not_well_formed("Expected INTO");
  PAGETURNER_RETURN_IF_ERROR(parse_table(reader, statement, "Expected identifier for simple path"));
  refuse_index(reader, statement, "FROM clause may only contain a single table name");
  if (!reader.accept_keyword("VALUE")) return not_well_formed("Unexpected token after expression");
  PAGETURNER_ASSIGN_OR_RETURN(statement.item, parse_item_literal(reader));
  return {};
}

// Whether `node` can be the value of SET: it contains no condition.
bool is_set_value(const ExpressionNode& node) {
  switch (node.kind) {
    case NodeKind::path:
    case NodeKind::value:
    case NodeKind::arithmetic:
    case NodeKind::function:
      return std::all_of(node.operands.begin(), node.operands.end(), is_set_value);
    case NodeKind::compare:
    case NodeKind::between:
    case NodeKind::in:
    case NodeKind::logical_and:
    case NodeKind::logical_or:
    case NodeKind::logical_not:
      break;
  }
  return false;
}

// Parses set_add(`path`, a set) or set_delete, the value assigned to `path`.
Result<UpdateAction> parse_set_change(Reader& reader, DocumentPath path, UpdateKind kind) {
  const std::string_view name = kind == UpdateKind::add ? "SET_ADD" : "SET_DELETE";
  const Position position = reader.next().position;
  const Position first = reader.peek(1).position;
  PAGETURNER_ASSIGN_OR_RETURN(const std::vector<ExpressionNode> arguments,
                              parse_arguments(reader, FunctionPlace::update));
  UpdateAction action{kind, std::move(path), {}};
  if (arguments.size() != 2) {
    reader.defer(
        validation_error(concat(name, " must have exactly two arguments", to_string(position))));
    return action;
  }
  if (arguments[0].kind != NodeKind::path || !(arguments[0].path == action.path)) {
    reader.defer(validation_error(concat("The first argument to ", name,
                                         " must equal the assignment value", to_string(position))));
    return action;
  }
  constexpr std::array<AttributeType, 3> sets = {AttributeType::ss, AttributeType::ns,
                                                 AttributeType::bs};
  action.value = arguments[1];
  if (action.value.kind != NodeKind::value ||
      std::find(sets.begin(), sets.end(), type_of(action.value.value)) == sets.end()) {
    reader.defer(validation_error(concat("The second argument to ", name,
                                         " must be a value with type SET", to_string(first))));
  }
  return action;
}

Result<UpdateAction> parse_assignment(Reader& reader) {
  PAGETURNER_ASSIGN_OR_RETURN(DocumentPath path,
                              parse_path(reader, "Expected identifier for simple path"));
  PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol("=", "Expected EQ"));
  if (reader.at_call()) {
    if (reader.peek().is_keyword("SET_ADD")) {
      return parse_set_change(reader, std::move(path), UpdateKind::add);
    }
    if (reader.peek().is_keyword("SET_DELETE")) {
      return parse_set_change(reader, std::move(path), UpdateKind::erase);
    }
  }
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode value, parse_operand(reader, FunctionPlace::update));
  if (!is_set_value(value)) {
    reader.defer(validation_error("A condition is no value for SET"));
  }
  return UpdateAction{UpdateKind::set, std::move(path), std::move(value)};
}

// Parses one or more SET and REMOVE clauses, each with one or more actions.
Result<void> parse_actions(Reader& reader, Statement& statement) {
  statement.kind = StatementKind::update;
  while (true) {
    const bool set = reader.accept_keyword("SET");
    if (!set && !reader.accept_keyword("REMOVE")) break;
    do {
      if (set) {
        PAGETURNER_ASSIGN_OR_RETURN(UpdateAction action, parse_assignment(reader));
        statement.update.push_back(std::move(action));
      } else {
        PAGETURNER_ASSIGN_OR_RETURN(DocumentPath path,
                                    parse_path(reader, "Expected identifier for simple path"));
        statement.update.push_back({UpdateKind::remove, std::move(path), {}});
      }
    } while (reader.accept_symbol(","));
  }
  if (statement.update.empty()) return not_well_formed("Expected data manipulation");
  return {};
}

std::string_view returning_text(Returning returning) {
  constexpr std::array<std::string_view, 5> texts = {"", "ALL OLD", "MODIFIED OLD", "ALL NEW",
                                                     "MODIFIED NEW"};
  return texts[static_cast<std::size_t>(returning)];
}

Result<void> parse_returning(Reader& reader, Statement& statement) {
  if (!reader.accept_keyword("RETURNING")) return {};
  const bool modified = reader.accept_keyword("MODIFIED");
  if (!modified && !reader.accept_keyword("ALL")) {
    return not_well_formed("Expected ALL or MODIFIED");
  }
  const bool is_new = reader.accept_keyword("NEW");
  if (!is_new && !reader.accept_keyword("OLD")) return not_well_formed("Expected OLD or NEW");
  PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol("*", "Expected STAR"));
  statement.returning = is_new ? (modified ? Returning::modified_new : Returning::all_new)
                               : (modified ? Returning::modified_old : Returning::all_old);
  if (statement.kind == StatementKind::erase && statement.returning != Returning::all_old) {
    reader.defer(validation_error(
        concat("Invalid returning clause: RETURNING ", returning_text(statement.returning),
               " *. Only RETURNING ALL OLD * is allowed in DELETE statements.")));
  }
  return {};
}

constexpr std::string_view no_index = "This operation is not supported on an index";

// Parses the table of an UPDATE or DELETE, which is a name alone.
Result<void> parse_table_alone(Reader& reader, Statement& statement) {
  PAGETURNER_RETURN_IF_ERROR(parse_table(reader, statement, "Expected identifier for simple path"));
  refuse_index(reader, statement, no_index);
  refuse_alias(reader);
  return {};
}

Result<void> parse_update(Reader& reader, Statement& statement) {
  PAGETURNER_RETURN_IF_ERROR(parse_table_alone(reader, statement));
  PAGETURNER_RETURN_IF_ERROR(parse_actions(reader, statement));
  PAGETURNER_RETURN_IF_ERROR(parse_where(reader, statement));
  return parse_returning(reader, statement);
}

// Parses FROM … WHERE … SET …, an UPDATE with its clauses in another order.
Result<void> parse_from(Reader& reader, Statement& statement) {
  PAGETURNER_RETURN_IF_ERROR(parse_table_alone(reader, statement));
  PAGETURNER_RETURN_IF_ERROR(parse_where(reader, statement));
  PAGETURNER_RETURN_IF_ERROR(parse_actions(reader, statement));
  return parse_returning(reader, statement);
}

Result<void> parse_delete(Reader& reader, Statement& statement) {
  statement.kind = StatementKind::erase;
  if (!reader.accept_keyword("FROM")) return not_well_formed("Expected FROM");
  PAGETURNER_RETURN_IF_ERROR(parse_table_alone(reader, statement));
  PAGETURNER_RETURN_IF_ERROR(parse_where(reader, statement));
  return parse_returning(reader, statement);
}

Result<void> parse_any(Reader& reader, Statement& statement) {
  if (reader.accept_keyword("SELECT")) return parse_select(reader, statement);
  if (reader.accept_keyword("INSERT")) return parse_insert(reader, statement);
  if (reader.accept_keyword("UPDATE")) return parse_update(reader, statement);
  if (reader.accept_keyword("DELETE")) return parse_delete(reader, statement);
  if (reader.accept_keyword("FROM")) return parse_from(reader, statement);
  if (reader.accept_keyword("EXISTS")) return parse_exists(reader, statement);
  return not_well_formed("Expected data manipulation");
}

Result<void> check_statement(const Statement& statement) {
  for (const UpdateAction& action : statement.update) {
    if (action.kind == UpdateKind::set) PAGETURNER_RETURN_IF_ERROR(check_meaning(action.value));
  }
  PAGETURNER_RETURN_IF_ERROR(check_paths_disjoint(touched_paths(statement.update)));
  if (statement.where) PAGETURNER_RETURN_IF_ERROR(check_meaning(*statement.where));
  return {};
}

}  // namespace

Result<Statement> parse_statement(std::string_view text, std::vector<SharedValue> parameters) {
  PAGETURNER_ASSIGN_OR_RETURN(std::vector<Token> tokens, tokenize(text));
  Reader reader(std::move(tokens), std::move(parameters));
  Statement statement;
  PAGETURNER_RETURN_IF_ERROR(parse_any(reader, statement));
  if (!reader.at_end()) return not_well_formed("Unexpected token after expression");
  const bool counts_index = statement.kind == StatementKind::select && statement.index;
  if (counts_index && statement.count_error) {
    return Statement{.table = std::move(statement.table),
                     .index = std::move(statement.index),
                     .count_error = std::move(statement.count_error)};
  }
  if (reader.deferred()) return *reader.deferred();
  PAGETURNER_RETURN_IF_ERROR(check_statement(statement));
  return statement;
}

}  // namespace pageturner::partiql
