// PartiQL text to tokens.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"

namespace pageturner::partiql {

enum class TokenKind {
  name,         // artist, SELECT: `text` as it is written
  quoted_name,  // "artist": `text` is what stands between the quotes
  text,         // 'Nova': the same
  number,       // 12, .5, 7.31e6
  parameter,    // ?
  symbol,       // = <> != < <= > >= ( ) [ ] { } << >> , . ; : + - * and the like
  end_of_text,  // last of every token list
};

// Where a token stands: line and column from 1, both in characters, as messages show them.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
  std::size_t length = 0;
};

// " at 1:8:5".
std::string to_string(const Position& position);

struct Token {
  TokenKind kind = TokenKind::end_of_text;
  std::string text = {};
  Position position = {};

  bool is_symbol(std::string_view symbol) const {
    return kind == TokenKind::symbol && text == symbol;
  }
  // Whether it is `keyword`, given in capitals, in whatever case.
  bool is_keyword(std::string_view keyword) const;
};

// "Statement wasn't well formed, can't be processed: …", a ValidationException.
Error not_well_formed(std::string_view detail = "");

// Splits `statement` into tokens, the last of which is end_of_text; comments are white space.
// Errors: not_well_formed() without a detail for a character that starts no token, for quotes and
// comments without an end, and for numbers whose exponent or scale fits no 32 bits. Source:
// recorded answers.
Result<std::vector<Token>> tokenize(std::string_view statement);

// Whether `word`, in whatever case, can be a name only between double quotes. Source: the PartiQL
// specification, "Keywords"; that DynamoDB refuses them is recorded.
bool is_keyword(std::string_view word);

}  // namespace pageturner::partiql
