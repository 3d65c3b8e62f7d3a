#include "protocol/partiql/condition.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "protocol/expression/operand_checks.h"
#include "protocol/partiql/literal.h"
#include "protocol/text.h"

namespace pageturner::partiql {
namespace {

Result<ExpressionNode> parse_or(Reader& reader, FunctionPlace place);

// Whether `function` is a condition. All others are operands.
bool is_condition(Function function) {
  switch (function) {
    case Function::list_append:
    case Function::size:
      return false;
    case Function::attribute_exists:
    case Function::attribute_not_exists:
    case Function::attribute_type:
    case Function::begins_with:
    case Function::contains:
    case Function::if_not_exists:
    case Function::unknown:
      break;
  }
  return true;
}

bool is_condition(const ExpressionNode& node) {
  switch (node.kind) {
    case NodeKind::path:
    case NodeKind::value:
    case NodeKind::arithmetic:
      return false;
    case NodeKind::function:
      return is_condition(node.function);
    case NodeKind::compare:
    case NodeKind::between:
    case NodeKind::in:
    case NodeKind::logical_and:
    case NodeKind::logical_or:
    case NodeKind::logical_not:
      break;
  }
  return true;
}

void require_condition(Reader& reader, const ExpressionNode& node) {
  if (is_condition(node)) return;
  reader.defer(validation_error("The where clause needs conditions, but has an operand alone"));
}

// Parses [index] or ['name'].
Result<void> parse_step(Reader& reader, DocumentPath& path) {
  reader.next();
  if (reader.peek().kind == TokenKind::text) {
    path.elements.emplace_back(reader.take_attribute_name());
    return reader.expect_symbol("]", "Expected RIGHT_BRACKET");
  }
  const bool negative = reader.accept_symbol("-");
  const Token token = reader.next();
  if (token.kind != TokenKind::number) return unexpected_term(token);
  std::size_t index = 0;
  const char* end = token.text.data() + token.text.size();
  const auto parsed = std::from_chars(token.text.data(), end, index);
  if (parsed.ec != std::errc() || parsed.ptr != end || (negative && index > 0)) {
    reader.defer(
        validation_error(concat("List index is not within the allowable range; index: [",
                                negative ? "-" : "", token.text, "]", to_string(token.position))));
  }
  path.elements.emplace_back(index);
  return reader.expect_symbol("]", "Expected RIGHT_BRACKET");
}

bool is_allowed(Function function, FunctionPlace place) {
  switch (function) {
    case Function::attribute_exists:
    case Function::attribute_not_exists:
    case Function::attribute_type:
    case Function::begins_with:
    case Function::contains:
    case Function::size:
      return place != FunctionPlace::update;
    case Function::list_append:
      return place == FunctionPlace::update;
    case Function::if_not_exists:  // expressions only
    case Function::unknown:
      break;
  }
  return false;
}

Result<ExpressionNode> parse_call(Reader& reader, FunctionPlace place) {
  const Token token = reader.next();
  const std::string name = to_lower(token.text);
  const Function function = find_function(name);
  if (!is_allowed(function, place)) {
    reader.defer(
        validation_error(concat("Unrecognized function: ", name, to_string(token.position))));
  }
  PAGETURNER_ASSIGN_OR_RETURN(std::vector<ExpressionNode> arguments,
                              parse_arguments(reader, place));
  return operator_node(function, std::move(arguments));
}

Result<ExpressionNode> parse_parenthesized(Reader& reader, FunctionPlace place) {
  reader.next();
  PAGETURNER_RETURN_IF_ERROR(reader.enter());
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode node, parse_or(reader, place));
  reader.leave();
  PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol(")", "Expected RIGHT_PAREN"));
  return node;
}

Result<ExpressionNode> parse_term(Reader& reader, FunctionPlace place) {
  if (reader.peek().is_symbol("(")) return parse_parenthesized(reader, place);
  if (reader.peek().kind == TokenKind::parameter) return value_node(reader.take_parameter());
  if (at_literal(reader)) {
    PAGETURNER_ASSIGN_OR_RETURN(AttributeValue value, parse_literal(reader));
    return value_node(std::move(value));
  }
  if (reader.at_call()) return parse_call(reader, place);
  if (!reader.at_name()) return unexpected_term(reader.peek());
  PAGETURNER_ASSIGN_OR_RETURN(DocumentPath path, parse_path(reader, "Unexpected term"));
  return path_node(std::move(path));
}

// Parses the right operand of an operator, with `parse`.
template <class Parse>
Result<ExpressionNode> parse_right(Reader& reader, Parse parse) {
  PAGETURNER_RETURN_IF_ERROR(reader.count_operator());
  if (reader.at_end()) {
    return not_well_formed("Missing right-hand side expression of infix operator");
  }
  return parse();
}

Result<ExpressionNode> parse_sum(Reader& reader, FunctionPlace place) {
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode sum, parse_term(reader, place));
  while (reader.peek().is_symbol("+") || reader.peek().is_symbol("-")) {
    const Token token = reader.next();
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode right,
                                parse_right(reader, [&] { return parse_term(reader, place); }));
    if (place == FunctionPlace::condition) {
      reader.defer(validation_error(concat("Unsupported operation: ", token.text)));
    }
    sum = operator_node(token.text == "+" ? Arithmetic::add : Arithmetic::subtract,
                        operand_list(std::move(sum), std::move(right)));
  }
  return sum;
}

// Parses the list after IN, in brackets or parentheses.
Result<ExpressionNode> parse_in(Reader& reader, ExpressionNode value, FunctionPlace place) {
  PAGETURNER_RETURN_IF_ERROR(reader.count_operator());
  std::vector<ExpressionNode> operands = operand_list(std::move(value));
  const std::string_view closing = reader.peek().is_symbol("(") ? ")" : "]";
  if (reader.at_end()) {
    return not_well_formed("Missing right-hand side expression of infix operator");
  }
  if (!reader.peek().is_symbol("(") && !reader.peek().is_symbol("[")) {
    return unexpected_term(reader.peek());
  }
  reader.next();
  do {
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode candidate, parse_sum(reader, place));
    operands.push_back(std::move(candidate));
  } while (reader.accept_symbol(","));
  PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol(
      closing, closing == ")" ? "Expected RIGHT_PAREN" : "Expected RIGHT_BRACKET"));
  return operator_node(NodeKind::in, std::move(operands));
}

Result<ExpressionNode> parse_between(Reader& reader, ExpressionNode value, FunctionPlace place) {
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode lower,
                              parse_right(reader, [&] { return parse_sum(reader, place); }));
  if (!reader.accept_keyword("AND")) return not_well_formed("Expected AND after BETWEEN");
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode upper,
                              parse_right(reader, [&] { return parse_sum(reader, place); }));
  return operator_node(NodeKind::between,
                       operand_list(std::move(value), std::move(lower), std::move(upper)));
}

ExpressionNode negated(ExpressionNode node) {
  return operator_node(NodeKind::logical_not, operand_list(std::move(node)));
}

// A type name of PartiQL and the data types it means. All sets are bags.
struct TypeName {
  std::string_view name;
  std::string_view second;  // the second word, if the name has two
  std::vector<std::string_view> types;
};

const std::vector<TypeName>& type_names() {
  static const std::vector<TypeName> names = {{"NULL", "", {"NULL"}},
                                              {"BOOL", "", {"BOOL"}},
                                              {"BOOLEAN", "", {"BOOL"}},
                                              {"STRING", "", {"S"}},
                                              {"SYMBOL", "", {"S"}},
                                              {"VARCHAR", "", {"S"}},
                                              {"CHAR", "", {"S"}},
                                              {"CHARACTER", "VARYING", {"S"}},
                                              {"CHARACTER", "", {"S"}},
                                              {"INT", "", {"N"}},
                                              {"INT2", "", {"N"}},
                                              {"INT4", "", {"N"}},
                                              {"INT8", "", {"N"}},
                                              {"INTEGER", "", {"N"}},
                                              {"SMALLINT", "", {"N"}},
                                              {"BIGINT", "", {"N"}},
                                              {"FLOAT", "", {"N"}},
                                              {"REAL", "", {"N"}},
                                              {"DOUBLE", "PRECISION", {"N"}},
                                              {"DECIMAL", "", {"N"}},
                                              {"NUMERIC", "", {"N"}},
                                              {"BLOB", "", {"B"}},
                                              {"LIST", "", {"L"}},
                                              {"STRUCT", "", {"M"}},
                                              {"TUPLE", "", {"M"}},
                                              {"BAG", "", {"SS", "NS", "BS"}}};
  return names;
}

ExpressionNode has_type_node(const ExpressionNode& operand, std::string_view type) {
  return operator_node(Function::attribute_type,
                       operand_list(operand, value_node(AttributeValue{std::string(type)})));
}

// Parses what follows IS: [NOT] MISSING or a type.
Result<ExpressionNode> parse_is(Reader& reader, const ExpressionNode& operand) {
  PAGETURNER_RETURN_IF_ERROR(reader.count_operator());
  const bool is_not = reader.accept_keyword("NOT");
  if (reader.accept_keyword("MISSING")) {
    return operator_node(is_not ? Function::attribute_exists : Function::attribute_not_exists,
                         operand_list(operand));
  }
  const auto& names = type_names();
  const auto found = std::find_if(names.begin(), names.end(), [&](const TypeName& row) {
    return reader.peek().is_keyword(row.name) &&
           (row.second.empty() || reader.peek(1).is_keyword(row.second));
  });
  if (found == names.end()) return not_well_formed("Expected type name");
  reader.next();
  if (!found->second.empty()) reader.next();
  std::vector<ExpressionNode> disjuncts;
  for (const std::string_view type : found->types) {
    disjuncts.push_back(has_type_node(operand, type));
  }
  ExpressionNode node = disjuncts.size() == 1
                            ? std::move(disjuncts.front())
                            : operator_node(NodeKind::logical_or, std::move(disjuncts));
  return is_not ? negated(std::move(node)) : std::move(node);
}

// The comparator that `token` is, or nullopt.
std::optional<Comparator> comparator_of(const Token& token) {
  if (token.kind != TokenKind::symbol) return std::nullopt;
  return token.text == "!=" ? Comparator::not_equal : find_comparator(token.text);
}

Result<ExpressionNode> parse_compare(Reader& reader, ExpressionNode left, FunctionPlace place) {
  const Comparator comparator = comparator_of(reader.next()).value();  // at_operator() saw it
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode right,
                              parse_right(reader, [&] { return parse_sum(reader, place); }));
  return operator_node(comparator, operand_list(std::move(left), std::move(right)));
}

bool at_negated_operator(const Reader& reader) {
  return reader.peek().is_keyword("NOT") &&
         (reader.peek(1).is_keyword("IN") || reader.peek(1).is_keyword("BETWEEN"));
}

bool at_operator(const Reader& reader) {
  const Token& token = reader.peek();
  return at_negated_operator(reader) || comparator_of(token).has_value() ||
         token.is_keyword("IN") || token.is_keyword("BETWEEN") || token.is_keyword("IS");
}

// Parses an operator and its right operands. Requires: at_operator().
Result<ExpressionNode> parse_operator(Reader& reader, ExpressionNode left, FunctionPlace place) {
  if (reader.accept_keyword("BETWEEN")) return parse_between(reader, std::move(left), place);
  if (reader.accept_keyword("IN")) return parse_in(reader, std::move(left), place);
  if (reader.accept_keyword("IS")) return parse_is(reader, left);
  return parse_compare(reader, std::move(left), place);
}

Result<ExpressionNode> parse_comparison(Reader& reader, FunctionPlace place) {
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode node, parse_sum(reader, place));
  while (at_operator(reader)) {
    const bool negates = at_negated_operator(reader);
    if (negates) reader.next();
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode joined,
                                parse_operator(reader, std::move(node), place));
    node = negates ? negated(std::move(joined)) : std::move(joined);
  }
  return node;
}

Result<ExpressionNode> parse_not(Reader& reader, FunctionPlace place) {
  if (!reader.accept_keyword("NOT")) return parse_comparison(reader, place);
  PAGETURNER_RETURN_IF_ERROR(reader.count_operator());
  PAGETURNER_RETURN_IF_ERROR(reader.enter());
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode operand, parse_not(reader, place));
  reader.leave();
  require_condition(reader, operand);
  return negated(std::move(operand));
}

// Parses conditions, each with `parse`, joined by `keyword`.
template <class Parse>
Result<ExpressionNode> parse_joined(Reader& reader, std::string_view keyword, NodeKind kind,
                                    Parse parse) {
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode first, parse());
  if (!reader.peek().is_keyword(keyword)) return first;
  require_condition(reader, first);
  std::vector<ExpressionNode> operands = operand_list(std::move(first));
  while (reader.accept_keyword(keyword)) {
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode operand, parse_right(reader, parse));
    require_condition(reader, operand);
    operands.push_back(std::move(operand));
  }
  return operator_node(kind, std::move(operands));
}

Result<ExpressionNode> parse_or(Reader& reader, FunctionPlace place) {
  return parse_joined(reader, "OR", NodeKind::logical_or, [&] {
    return parse_joined(reader, "AND", NodeKind::logical_and,
                        [&] { return parse_not(reader, place); });
  });
}

// For PartiQL the service lists the types in another order than for expressions.
Result<void> check_type_name(const ExpressionNode& node) {
  constexpr std::array<std::string_view, 10> names = {"N", "BS", "L",  "B",  "NULL",
                                                      "M", "S",  "SS", "NS", "BOOL"};
  if (node.function != Function::attribute_type || node.operands.size() != 2) return {};
  const ExpressionNode& type = node.operands[1];
  const auto* name = type.kind == NodeKind::value ? type.value->get_if<std::string>() : nullptr;
  if (name == nullptr || std::find(names.begin(), names.end(), *name) != names.end()) return {};
  return validation_error(concat("Invalid attribute type name found; type: ", *name,
                                 ", valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}"));
}

}  // namespace

Result<DocumentPath> parse_path(Reader& reader, std::string_view complaint) {
  if (!reader.at_name()) return not_well_formed(complaint);
  DocumentPath path{{reader.take_attribute_name()}};
  while (true) {
    if (reader.peek().is_symbol("[")) {
      PAGETURNER_RETURN_IF_ERROR(parse_step(reader, path));
    } else if (reader.accept_symbol(".")) {
      if (!reader.at_name()) return not_well_formed("Invalid path dot component");
      path.elements.emplace_back(reader.take_attribute_name());
    } else {
      return path;
    }
  }
}

Result<std::vector<ExpressionNode>> parse_arguments(Reader& reader, FunctionPlace place) {
  std::vector<ExpressionNode> arguments;
  reader.next();
  if (reader.accept_symbol(")")) return arguments;
  PAGETURNER_RETURN_IF_ERROR(reader.enter());
  do {
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode argument, parse_sum(reader, place));
    arguments.push_back(std::move(argument));
  } while (reader.accept_symbol(","));
  reader.leave();
  PAGETURNER_RETURN_IF_ERROR(reader.expect_symbol(")", "Expected RIGHT_PAREN"));
  return arguments;
}

Result<ExpressionNode> parse_operand(Reader& reader, FunctionPlace place) {
  return parse_sum(reader, place);
}

Result<ExpressionNode> parse_condition(Reader& reader) {
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode condition, parse_or(reader, FunctionPlace::condition));
  require_condition(reader, condition);
  return condition;
}

Result<void> check_meaning(const ExpressionNode& node) {
  for (const ExpressionNode& operand : node.operands)
    PAGETURNER_RETURN_IF_ERROR(check_meaning(operand));
  if (node.kind == NodeKind::function) PAGETURNER_RETURN_IF_ERROR(check_type_name(node));
  return check_operands(node);
}

}  // namespace pageturner::partiql
