#include "protocol/expression/parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include "protocol/expression/lexer.h"
#include "protocol/expression/reserved_words.h"
#include "protocol/limits.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), tokens_(tokenize(text)) {}

  Result<ExpressionNode> condition();
  Result<std::vector<DocumentPath>> projection();
  Result<Update> update();

 private:
  // A node, and whether it came in parentheses of its own, which a second pair would repeat.
  struct Parsed {
    ExpressionNode node;
    bool parenthesized = false;
  };

  Result<Parsed> disjunction();
  Result<Parsed> conjunction();
  Result<Parsed> negation();
  Result<Parsed> comparison();
  Result<Parsed> operand();
  Result<Parsed> in_parentheses();
  Result<ExpressionNode> function_call();
  Result<DocumentPath> path();
  Result<PathElement> list_index();
  Result<Parsed> between(ExpressionNode left);
  Result<Parsed> in_list(ExpressionNode left);
  Result<void> append_operands(std::vector<ExpressionNode>& operands);
  Result<UpdateAction> update_action(UpdateKind kind);
  Result<ExpressionNode> set_value();
  // Parses an operand and refuses a condition in its place.
  Result<ExpressionNode> value_operand();

  const Token& current() const { return tokens_[at_]; }
  bool at_symbol(std::string_view symbol) const {
    return current().kind == TokenKind::symbol && current().text == symbol;
  }
  bool at_keyword(std::string_view keyword) const {
    return current().kind == TokenKind::keyword && equals_ignoring_case(current().text, keyword);
  }
  bool take_symbol(std::string_view symbol) {
    if (!at_symbol(symbol)) return false;
    ++at_;
    return true;
  }
  bool take_keyword(std::string_view keyword) {
    if (!at_keyword(keyword)) return false;
    ++at_;
    return true;
  }
  Error syntax_error() const { return validation_error(syntax_error_text(text_, tokens_, at_)); }
  Result<void> expect_symbol(std::string_view symbol) {
    if (!take_symbol(symbol)) return syntax_error();
    return {};
  }

  std::string_view text_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t operators_ = 0;
  int depth_ = 0;
};

// Counts a level of nesting for as long as it lives.
class Level {
 public:
  explicit Level(int& depth) : depth_(++depth) {}
  ~Level() { --depth_; }
  bool too_deep() const { return depth_ > limits::expression_depth_max; }

 private:
  int& depth_;
};

Error too_many_operators() {
  return validation_error("The expression contains too many operators; operator count: " +
                          std::to_string(limits::expression_operators_max + 1));
}

// A node of two operands, which an initializer list would copy with all that is below them.
ExpressionNode joined(NodeKind kind, std::string text, ExpressionNode left, ExpressionNode right) {
  ExpressionNode node{.kind = kind, .text = std::move(text)};
  node.operands.reserve(2);
  node.operands.push_back(std::move(left));
  node.operands.push_back(std::move(right));
  return node;
}

// Whether a node can be true or false. A function counts as either until check_functions looks.
bool is_condition(const ExpressionNode& node) {
  return node.kind != NodeKind::path && node.kind != NodeKind::value;
}
bool is_operand(const ExpressionNode& node) {
  return node.kind == NodeKind::path || node.kind == NodeKind::value ||
         node.kind == NodeKind::function;
}

Result<ExpressionNode> Parser::condition() {
  PAGETURNER_ASSIGN_OR_RETURN(Parsed parsed, disjunction());
  if (current().kind != TokenKind::end_of_text || !is_condition(parsed.node)) {
    return syntax_error();
  }
  if (operators_ > limits::expression_operators_max) return too_many_operators();
  return std::move(parsed.node);
}

Result<Parser::Parsed> Parser::disjunction() {
  PAGETURNER_ASSIGN_OR_RETURN(Parsed left, conjunction());
  while (is_condition(left.node) && take_keyword("OR")) {
    ++operators_;
    PAGETURNER_ASSIGN_OR_RETURN(Parsed right, conjunction());
    if (!is_condition(right.node)) return syntax_error();
    left = {joined(NodeKind::logical_or, "", std::move(left.node), std::move(right.node))};
  }
  return left;
}

Result<Parser::Parsed> Parser::conjunction() {
  PAGETURNER_ASSIGN_OR_RETURN(Parsed left, negation());
  while (is_condition(left.node) && take_keyword("AND")) {
    ++operators_;
    PAGETURNER_ASSIGN_OR_RETURN(Parsed right, negation());
    if (!is_condition(right.node)) return syntax_error();
    left = {joined(NodeKind::logical_and, "", std::move(left.node), std::move(right.node))};
  }
  return left;
}

Result<Parser::Parsed> Parser::negation() {
  if (!take_keyword("NOT")) return comparison();
  ++operators_;
  const Level level(depth_);
  if (level.too_deep()) return too_many_operators();
  PAGETURNER_ASSIGN_OR_RETURN(Parsed inner, negation());
  if (!is_condition(inner.node)) return syntax_error();
  return Parsed{operator_node(NodeKind::logical_not, "", {std::move(inner.node)})};
}

Result<Parser::Parsed> Parser::comparison() {
  PAGETURNER_ASSIGN_OR_RETURN(Parsed left, operand());
  if (!is_operand(left.node)) return left;
  constexpr std::array<std::string_view, 6> comparators = {"=", "<>", "<", "<=", ">", ">="};
  const bool at_comparator =
      current().kind == TokenKind::symbol &&
      std::find(comparators.begin(), comparators.end(), current().text) != comparators.end();
  if (at_comparator) {
    ++operators_;
    std::string comparator(tokens_[at_++].text);
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode right, value_operand());
    return Parsed{operator_node(NodeKind::compare, std::move(comparator),
                                {std::move(left.node), std::move(right)})};
  }
  if (take_keyword("BETWEEN")) return between(std::move(left.node));
  if (take_keyword("IN")) return in_list(std::move(left.node));
  return left;
}

Result<Parser::Parsed> Parser::between(ExpressionNode left) {
  ++operators_;
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode lower, value_operand());
  if (!take_keyword("AND")) return syntax_error();
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode upper, value_operand());
  return Parsed{
      operator_node(NodeKind::between, "", {std::move(left), std::move(lower), std::move(upper)})};
}

Result<Parser::Parsed> Parser::in_list(ExpressionNode left) {
  ++operators_;
  PAGETURNER_RETURN_IF_ERROR(expect_symbol("("));
  std::vector<ExpressionNode> operands;
  operands.push_back(std::move(left));
  PAGETURNER_RETURN_IF_ERROR(append_operands(operands));
  return Parsed{operator_node(NodeKind::in, "", std::move(operands))};
}

// Appends a list of at least one operand, up to and with its closing parenthesis.
Result<void> Parser::append_operands(std::vector<ExpressionNode>& operands) {
  do {
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode next, value_operand());
    operands.push_back(std::move(next));
  } while (take_symbol(","));
  return expect_symbol(")");
}

Result<ExpressionNode> Parser::value_operand() {
  PAGETURNER_ASSIGN_OR_RETURN(Parsed parsed, operand());
  if (!is_operand(parsed.node)) return syntax_error();
  return std::move(parsed.node);
}

Result<Parser::Parsed> Parser::operand() {
  const Token& token = current();
  if (token.kind == TokenKind::value) {
    ++at_;
    return Parsed{{.kind = NodeKind::value, .text = std::string(token.text)}};
  }
  if (token.kind == TokenKind::identifier && tokens_[at_ + 1].text == "(") {
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode call, function_call());
    return Parsed{std::move(call)};
  }
  if (token.kind == TokenKind::identifier || token.kind == TokenKind::name) {
    PAGETURNER_ASSIGN_OR_RETURN(DocumentPath found, path());
    return Parsed{path_node(std::move(found))};
  }
  if (at_symbol("(")) return in_parentheses();
  return syntax_error();
}

Result<Parser::Parsed> Parser::in_parentheses() {
  const Level level(depth_);
  if (level.too_deep()) return too_many_operators();
  ++at_;
  PAGETURNER_ASSIGN_OR_RETURN(Parsed inner, disjunction());
  PAGETURNER_RETURN_IF_ERROR(expect_symbol(")"));
  if (inner.parenthesized) {
    return validation_error("The expression has redundant parentheses;");
  }
  inner.parenthesized = true;
  return inner;
}

Result<ExpressionNode> Parser::function_call() {
  const Level level(depth_);
  if (level.too_deep()) return too_many_operators();
  std::string name(current().text);
  at_ += 2;
  std::vector<ExpressionNode> operands;
  PAGETURNER_RETURN_IF_ERROR(append_operands(operands));
  return operator_node(NodeKind::function, std::move(name), std::move(operands));
}

Result<DocumentPath> Parser::path() {
  DocumentPath found;
  found.elements.emplace_back(std::string(tokens_[at_++].text));
  while (true) {
    if (take_symbol(".")) {
      if (current().kind != TokenKind::identifier && current().kind != TokenKind::name) {
        return syntax_error();
      }
      found.elements.emplace_back(std::string(tokens_[at_++].text));
    } else if (take_symbol("[")) {
      PAGETURNER_ASSIGN_OR_RETURN(PathElement index, list_index());
      found.elements.push_back(std::move(index));
    } else {
      return found;
    }
  }
}

Result<PathElement> Parser::list_index() {
  if (current().kind != TokenKind::index) return syntax_error();
  const std::string_view digits = tokens_[at_++].text;
  std::int32_t index = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), index);
  if (parsed.ec != std::errc()) {
    return validation_error("List index is not within the allowable range; index: [" +
                            std::string(digits) + "]");
  }
  PAGETURNER_RETURN_IF_ERROR(expect_symbol("]"));
  return PathElement(static_cast<std::size_t>(index));
}

Result<std::vector<DocumentPath>> Parser::projection() {
  std::vector<DocumentPath> paths;
  do {
    if (current().kind != TokenKind::identifier && current().kind != TokenKind::name) {
      return syntax_error();
    }
    PAGETURNER_ASSIGN_OR_RETURN(DocumentPath found, path());
    paths.push_back(std::move(found));
  } while (take_symbol(","));
  if (current().kind != TokenKind::end_of_text) return syntax_error();
  return paths;
}

// The sections of an update, by their keywords.
struct SectionSpec {
  std::string_view keyword;
  UpdateKind kind;
};
constexpr std::array<SectionSpec, 4> sections = {{{"SET", UpdateKind::set},
                                                  {"REMOVE", UpdateKind::remove},
                                                  {"ADD", UpdateKind::add},
                                                  {"DELETE", UpdateKind::erase}}};

Result<Update> Parser::update() {
  Update actions;
  std::array<bool, sections.size()> seen{};
  do {
    const auto section =
        std::find_if(sections.begin(), sections.end(), [this](const SectionSpec& row) {
          return equals_ignoring_case(current().text, row.keyword);
        });
    if (section == sections.end()) return syntax_error();
    bool& repeated = seen[static_cast<std::size_t>(section - sections.begin())];
    if (repeated) {
      return validation_error("The \"" + std::string(section->keyword) +
                              "\" section can only be used once in an update expression;");
    }
    repeated = true;
    ++at_;
    do {
      PAGETURNER_ASSIGN_OR_RETURN(UpdateAction action, update_action(section->kind));
      actions.push_back(std::move(action));
    } while (take_symbol(","));
  } while (current().kind != TokenKind::end_of_text);
  if (operators_ > limits::expression_operators_max) return too_many_operators();
  return actions;
}

Result<UpdateAction> Parser::update_action(UpdateKind kind) {
  if (current().kind != TokenKind::identifier && current().kind != TokenKind::name) {
    return syntax_error();
  }
  UpdateAction action{.kind = kind};
  PAGETURNER_ASSIGN_OR_RETURN(action.path, path());
  if (kind == UpdateKind::set) {
    PAGETURNER_RETURN_IF_ERROR(expect_symbol("="));
    PAGETURNER_ASSIGN_OR_RETURN(action.value, set_value());
  } else if (kind != UpdateKind::remove) {
    if (current().kind != TokenKind::value) return syntax_error();
    action.value = {.kind = NodeKind::value, .text = std::string(tokens_[at_++].text)};
  }
  return action;
}

// An operand, or the sum or difference of two; the whole may stand in parentheses.
Result<ExpressionNode> Parser::set_value() {
  const bool opened = take_symbol("(");
  const bool opened_twice = opened && at_symbol("(");
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode left, value_operand());
  const bool sum_inside = opened && (at_symbol("+") || at_symbol("-"));
  if (opened && !sum_inside) {
    PAGETURNER_RETURN_IF_ERROR(expect_symbol(")"));
    if (opened_twice) return validation_error("The expression has redundant parentheses;");
  }
  if (!at_symbol("+") && !at_symbol("-")) return left;
  ++operators_;
  std::string sign(tokens_[at_++].text);
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode right, value_operand());
  if (sum_inside) PAGETURNER_RETURN_IF_ERROR(expect_symbol(")"));
  return joined(NodeKind::arithmetic, std::move(sign), std::move(left), std::move(right));
}

// A function that a condition knows, and where it may stand.
struct FunctionSpec {
  std::string_view name;
  bool in_conditions;
  bool returns_boolean;  // stands where a condition stands; the others where an operand stands
};
constexpr std::array<FunctionSpec, 8> functions = {{
    {"attribute_exists", true, true},
    {"attribute_not_exists", true, true},
    {"attribute_type", true, true},
    {"begins_with", true, true},
    {"contains", true, true},
    {"size", true, false},
    {"if_not_exists", false, false},
    {"list_append", false, false},
}};

// Where an expression's functions stand.
enum class Setting { condition, update };

Result<void> check_function(const ExpressionNode& node, bool as_operand, Setting setting) {
  const auto row = std::find_if(functions.begin(), functions.end(),
                                [&](const FunctionSpec& known) { return known.name == node.text; });
  if (row == functions.end()) {
    return validation_error("Invalid function name; function: " + node.text);
  }
  const bool for_conditions = setting == Setting::condition;
  if (row->in_conditions != for_conditions) {
    return validation_error("The function is not allowed in " +
                            std::string(for_conditions ? "a condition" : "an update") +
                            " expression; function: " + node.text);
  }
  if (row->returns_boolean == as_operand) {
    return validation_error(
        "The function is not allowed to be used this way in an expression; function: " + node.text);
  }
  return {};
}

Result<void> check_reserved_words(const DocumentPath& path) {
  constexpr std::size_t path_elements_max = 32;
  if (path.elements.size() > path_elements_max) {
    return validation_error("The document path has too many nesting levels; nesting levels: " +
                            std::to_string(path.elements.size()));
  }
  for (const PathElement& element : path.elements) {
    const auto* name = std::get_if<std::string>(&element);
    if (name != nullptr && name->front() != '#' && is_reserved_word(*name)) {
      return validation_error("Attribute name is a reserved keyword; reserved keyword: " + *name);
    }
  }
  return {};
}

// The service takes no list_append inside of another, for whatever reason. Source: observed by the
// tests of another server that were held against it.
Result<void> check_nesting(const ExpressionNode& node) {
  const auto appends = [](const ExpressionNode& part) {
    return part.kind == NodeKind::function && part.text == "list_append";
  };
  if (!appends(node) || std::none_of(node.operands.begin(), node.operands.end(), appends))
    return {};
  return validation_error(
      "The function is not allowed to be used this way in an expression; function: list_append");
}

// Walks the tree in the order of the text, a function before its arguments.
Result<void> check_words(const ExpressionNode& node, bool as_operand, Setting setting) {
  if (node.kind == NodeKind::function)
    PAGETURNER_RETURN_IF_ERROR(check_function(node, as_operand, setting));
  PAGETURNER_RETURN_IF_ERROR(check_nesting(node));
  if (node.kind == NodeKind::path) PAGETURNER_RETURN_IF_ERROR(check_reserved_words(node.path));
  const bool logical = node.kind == NodeKind::logical_and || node.kind == NodeKind::logical_or ||
                       node.kind == NodeKind::logical_not;
  for (const ExpressionNode& operand : node.operands) {
    PAGETURNER_RETURN_IF_ERROR(check_words(operand, !logical, setting));
  }
  return {};
}

Result<void> check_not_empty(std::string_view text) {
  if (text.empty()) return validation_error("The expression can not be empty;");
  return {};
}

}  // namespace

Result<ExpressionNode> parse_condition(std::string_view text) {
  PAGETURNER_RETURN_IF_ERROR(check_not_empty(text));
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode node, Parser(text).condition());
  PAGETURNER_RETURN_IF_ERROR(check_words(node, false, Setting::condition));
  return node;
}

Result<std::vector<DocumentPath>> parse_projection(std::string_view text) {
  PAGETURNER_RETURN_IF_ERROR(check_not_empty(text));
  PAGETURNER_ASSIGN_OR_RETURN(std::vector<DocumentPath> paths, Parser(text).projection());
  for (const DocumentPath& path : paths) PAGETURNER_RETURN_IF_ERROR(check_reserved_words(path));
  return paths;
}

Result<Update> parse_update(std::string_view text) {
  PAGETURNER_RETURN_IF_ERROR(check_not_empty(text));
  PAGETURNER_ASSIGN_OR_RETURN(Update update, Parser(text).update());
  for (const UpdateAction& action : update) {
    PAGETURNER_RETURN_IF_ERROR(check_reserved_words(action.path));
    if (action.kind == UpdateKind::set) {
      PAGETURNER_RETURN_IF_ERROR(check_words(action.value, true, Setting::update));
    }
  }
  return update;
}

}  // namespace pageturner
