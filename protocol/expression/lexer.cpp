#include "protocol/expression/lexer.h"

#include <algorithm>
#include <array>
#include <string>

#include "protocol/text.h"

namespace pageturner {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

bool is_keyword(std::string_view word) {
  constexpr std::array<std::string_view, 5> keywords = {"AND", "OR", "NOT", "BETWEEN", "IN"};
  return std::any_of(keywords.begin(), keywords.end(),
                     [&](std::string_view keyword) { return equals_ignoring_case(keyword, word); });
}

// The number of characters from `begin` on that `belongs` accepts.
template <class Belongs>
std::size_t run_length(std::string_view text, std::size_t begin, Belongs belongs) {
  std::size_t end = begin;
  while (end < text.size() && belongs(text[end])) ++end;
  return end - begin;
}

// The length in bytes of the UTF-8 character that starts with `lead`.
std::size_t character_length(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// Kind and length of the token at `begin`. Requires: no white space there.
std::pair<TokenKind, std::size_t> token_at(std::string_view text, std::size_t begin) {
  const char first = text[begin];
  if (is_letter(first)) {
    const std::size_t length = run_length(text, begin, is_word);
    const bool keyword = is_keyword(text.substr(begin, length));
    return {keyword ? TokenKind::keyword : TokenKind::identifier, length};
  }
  if (first == '#' || first == ':') {
    const std::size_t length = run_length(text, begin + 1, is_word);
    if (length == 0) return {TokenKind::unknown, 1};
    return {first == '#' ? TokenKind::name : TokenKind::value, length + 1};
  }
  if (first == '0') return {TokenKind::index, 1};  // 01 is two numbers
  if (is_digit(first)) return {TokenKind::index, run_length(text, begin, is_digit)};
  const std::string_view two = text.substr(begin, 2);
  if (two == "<>" || two == "<=" || two == ">=") return {TokenKind::symbol, 2};
  if (std::string_view("=<>()[],.+-").find(first) != std::string_view::npos) {
    return {TokenKind::symbol, 1};
  }
  return {TokenKind::unknown, std::min(character_length(first), text.size() - begin)};
}

}  // namespace

std::vector<Token> tokenize(std::string_view expression) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (true) {
    at += run_length(expression, at, is_space);
    if (at == expression.size()) break;
    const auto [kind, length] = token_at(expression, at);
    tokens.push_back({kind, expression.substr(at, length), at});
    at += length;
  }
  tokens.push_back({TokenKind::end_of_text, {}, expression.size()});
  return tokens;
}

std::string syntax_error_text(std::string_view expression, const std::vector<Token>& tokens,
                              std::size_t index) {
  const Token& token = tokens[index];
  const std::size_t begin = index > 0 ? tokens[index - 1].begin : 0;
  const std::size_t end = index + 1 < tokens.size() ? tokens[index + 1].end() : expression.size();
  const std::string_view shown = token.kind == TokenKind::end_of_text ? "<EOF>" : token.text;
  return concat("Syntax error; token: \"", shown, "\", near: \"",
                expression.substr(begin, end - begin), '"');
}

}  // namespace pageturner
