#include "protocol/partiql/reader.h"

#include <algorithm>
#include <array>

#include "protocol/attribute_value_json.h"
#include "protocol/limits.h"
#include "protocol/text.h"

namespace pageturner::partiql {
namespace {

Error too_many_operators() {
  return validation_error(concat("The expression contains too many operators; operator count: ",
                                 limits::expression_operators_max + 1));
}

bool is_operator(const Token& token) {
  constexpr std::array<std::string_view, 6> words = {"AND", "OR", "IN", "IS", "LIKE", "BETWEEN"};
  constexpr std::array<std::string_view, 13> symbols = {
      "=", "<>", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "||"};
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return token.is_keyword(word); }) ||
         std::any_of(symbols.begin(), symbols.end(),
                     [&](std::string_view symbol) { return token.is_symbol(symbol); });
}

}  // namespace

const Token& Reader::peek(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

const Token& Reader::next() {
  const Token& token = peek();
  at_ = std::min(at_ + 1, tokens_.size() - 1);
  return token;
}

bool Reader::accept_symbol(std::string_view symbol) {
  if (!peek().is_symbol(symbol)) return false;
  next();
  return true;
}

bool Reader::accept_keyword(std::string_view keyword) {
  if (!peek().is_keyword(keyword)) return false;
  next();
  return true;
}

Result<void> Reader::expect_symbol(std::string_view symbol, std::string_view complaint) {
  if (accept_symbol(symbol)) return {};
  return not_well_formed(complaint);
}

bool Reader::at_end() const {
  const std::size_t semicolons = peek().is_symbol(";") ? 1 : 0;
  return peek(semicolons).kind == TokenKind::end_of_text;
}

bool Reader::at_name() const {
  const Token& token = peek();
  return token.kind == TokenKind::quoted_name ||
         (token.kind == TokenKind::name && !is_keyword(token.text));
}

bool Reader::at_call() const {
  return peek().kind == TokenKind::name && peek(1).is_symbol("(") && !is_operator(peek()) &&
         !peek().is_keyword("NOT");
}

std::string Reader::take_attribute_name() {
  std::string name = next().text;
  if (auto checked = check_attribute_name(name); !checked) defer(std::move(checked).error());
  return name;
}

SharedValue Reader::take_parameter() {
  next();
  if (parameters_taken_ < parameters_.size()) return std::move(parameters_[parameters_taken_++]);
  defer(validation_error("Number of parameters in request and statement don't match."));
  return {};
}

void Reader::defer(Error error) {
  if (!deferred_) deferred_ = std::move(error);
}

Result<void> Reader::enter() {
  if (++depth_ > limits::partiql_depth_max) return too_many_operators();
  return {};
}

Result<void> Reader::count_operator() {
  if (++operators_ > limits::expression_operators_max) return too_many_operators();
  return {};
}

Error unexpected_term(const Token& token) {
  if (is_operator(token)) return not_well_formed("Unexpected operator");
  if (token.kind == TokenKind::name && is_keyword(token.text)) {
    return not_well_formed("Unexpected keyword");
  }
  return not_well_formed("Unexpected term");
}

}  // namespace pageturner::partiql
