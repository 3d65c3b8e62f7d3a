// Splits expression texts into tokens.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/error.h"

namespace pageturner {

enum class TokenKind {
  identifier,   // name, size; keywords of updates, such as SET, too
  name,         // #name
  value,        // :value
  index,        // 0, 12
  keyword,      // AND, OR, NOT, BETWEEN, IN in any case
  symbol,       // = <> < <= > >= ( ) [ ] , . + -
  unknown,      // one character that cannot start a token
  end_of_text,  // the last token of every list
};

struct Token {
  TokenKind kind;
  std::string_view text;  // points into the expression; empty for end_of_text
  std::size_t begin;      // offset in the expression

  std::size_t end() const { return begin + text.size(); }
};

// Returns the tokens of `expression`, the last of which is end_of_text. Never fails: invalid
// characters become `unknown`, which the parser refuses. `expression` must outlive the tokens.
std::vector<Token> tokenize(std::string_view expression);

// Returns the syntax error for token `index`: "Syntax error; token: "…", near: "…"". "near" is the
// text from the start of the previous token to the end of the next one. Source: recorded answers.
std::string syntax_error_text(std::string_view expression, const std::vector<Token>& tokens,
                              std::size_t index);

}  // namespace pageturner
