#include "protocol/expression/parser.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "protocol/expression/lexer.h"
#include "protocol/expression/word_checks.h"
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

  // Errors: for a section that update() has found a second time.
  Result<void> check_sections() const;

 private:
  // A node, and whether it is in parentheses, so that a second pair is redundant.
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
  // Parses an operand. Errors: a syntax error for a condition.
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
  std::string_view repeated_section_;  // its keyword; empty: none
};

// Counts a level of nesting during its lifetime.
class Level {
 public:
  explicit Level(int& depth) : depth_(++depth) {}
  ~Level() { --depth_; }
  bool too_deep() const { return depth_ > limits::expression_depth_max; }

 private:
  int& depth_;
};

Error too_many_operators() {
  return validation_error(concat("The expression contains too many operators; operator count: ",
                                 limits::expression_operators_max + 1));
}

// Whether a node can be true or false. A function counts as a condition and as an operand until
// check_condition_words() knows its name.
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
    left = {operator_node(NodeKind::logical_or,
                          operand_list(std::move(left.node), std::move(right.node)))};
  }
  return left;
}

Result<Parser::Parsed> Parser::conjunction() {
  PAGETURNER_ASSIGN_OR_RETURN(Parsed left, negation());
  while (is_condition(left.node) && take_keyword("AND")) {
    ++operators_;
    PAGETURNER_ASSIGN_OR_RETURN(Parsed right, negation());
    if (!is_condition(right.node)) return syntax_error();
    left = {operator_node(NodeKind::logical_and,
                          operand_list(std::move(left.node), std::move(right.node)))};
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
  return Parsed{operator_node(NodeKind::logical_not, operand_list(std::move(inner.node)))};
}

Result<Parser::Parsed> Parser::comparison() {
  PAGETURNER_ASSIGN_OR_RETURN(Parsed left, operand());
  if (!is_operand(left.node)) return left;
  const auto comparator =
      current().kind == TokenKind::symbol ? find_comparator(current().text) : std::nullopt;
  if (comparator) {
    ++operators_;
    ++at_;
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode right, value_operand());
    return Parsed{operator_node(*comparator, operand_list(std::move(left.node), std::move(right)))};
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
  return Parsed{operator_node(NodeKind::between,
                              operand_list(std::move(left), std::move(lower), std::move(upper)))};
}

Result<Parser::Parsed> Parser::in_list(ExpressionNode left) {
  ++operators_;
  PAGETURNER_RETURN_IF_ERROR(expect_symbol("("));
  std::vector<ExpressionNode> operands = operand_list(std::move(left));
  PAGETURNER_RETURN_IF_ERROR(append_operands(operands));
  return Parsed{operator_node(NodeKind::in, std::move(operands))};
}

// Appends a list of at least one operand and consumes its closing parenthesis.
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
  const std::string_view name = current().text;
  at_ += 2;
  ExpressionNode call = operator_node(find_function(name), {});
  // The whole text is parsed before an unknown function is refused.
  if (call.function == Function::unknown) call.text = name;
  PAGETURNER_RETURN_IF_ERROR(append_operands(call.operands));
  return call;
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
    return validation_error(
        concat("List index is not within the allowable range; index: [", digits, "]"));
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
    if (repeated && repeated_section_.empty()) repeated_section_ = section->keyword;
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

Result<void> Parser::check_sections() const {
  if (repeated_section_.empty()) return {};
  return validation_error(concat("The \"", repeated_section_,
                                 "\" section can only be used once in an update expression;"));
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

// Parses an operand, or the sum or difference of two, with or without parentheses around all of it.
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
  const Arithmetic arithmetic = at_symbol("+") ? Arithmetic::add : Arithmetic::subtract;
  ++at_;
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode right, value_operand());
  if (sum_inside) PAGETURNER_RETURN_IF_ERROR(expect_symbol(")"));
  return operator_node(arithmetic, operand_list(std::move(left), std::move(right)));
}

Result<void> check_not_empty(std::string_view text) {
  if (text.empty()) return validation_error("The expression can not be empty;");
  return {};
}

}  // namespace

Result<ExpressionNode> parse_condition(std::string_view text) {
  PAGETURNER_RETURN_IF_ERROR(check_not_empty(text));
  PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode node, Parser(text).condition());
  PAGETURNER_RETURN_IF_ERROR(check_condition_words(node));
  return node;
}

Result<std::vector<DocumentPath>> parse_projection(std::string_view text) {
  PAGETURNER_RETURN_IF_ERROR(check_not_empty(text));
  PAGETURNER_ASSIGN_OR_RETURN(std::vector<DocumentPath> paths, Parser(text).projection());
  PAGETURNER_RETURN_IF_ERROR(check_projection_words(paths));
  return paths;
}

Result<Update> parse_update(std::string_view text) {
  PAGETURNER_RETURN_IF_ERROR(check_not_empty(text));
  Parser parser(text);
  PAGETURNER_ASSIGN_OR_RETURN(Update update, parser.update());
  PAGETURNER_RETURN_IF_ERROR(check_update_words(update));
  PAGETURNER_RETURN_IF_ERROR(parser.check_sections());
  return update;
}

}  // namespace pageturner
