// Expression text to tokens.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/error.h"

namespace pageturner {

enum class TokenKind {
  identifier,   // name, size; also the keywords' letters in other places
  name,         // #name
  value,        // :value
  index,        // 0, 12
  keyword,      // AND, OR, NOT, BETWEEN, IN in any case
  symbol,       // = <> < <= > >= ( ) [ ] , . + -
  unknown,      // one character that starts none of these
  end_of_text,  // last of every token list
};

struct Token {
  TokenKind kind;
  std::string_view text;  // a part of the expression; empty for end_of_text
  std::size_t begin;      // where it stands in the expression

  std::size_t end() const { return begin + text.size(); }
};

// Splits `expression` into tokens, the last of which is end_of_text. Never fails: what is no token
// becomes `unknown`, and the parser refuses it where it stands. The tokens point into `expression`.
std::vector<Token> tokenize(std::string_view expression);

// The text of the complaint about token `index`: "Syntax error; token: "…", near: "…"". What stands
// near is the source from the start of the token before it to the end of the one behind it. Source:
// recorded answers.
std::string syntax_error_text(std::string_view expression, const std::vector<Token>& tokens,
                              std::size_t index);

}  // namespace pageturner
