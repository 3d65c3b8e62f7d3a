// Splits PartiQL statements into tokens.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"

namespace pageturner::partiql {

enum class TokenKind {
  name,         // artist, SELECT; `text` is as written
  quoted_name,  // "artist"; `text` is without the quotes
  text,         // 'Nova'; `text` is without the quotes
  number,       // 12, .5, 7.31e6
  parameter,    // ?
  symbol,       // = <> != < <= > >= ( ) [ ] { } << >> , . ; : + - * and the like
  end_of_text,  // the last token of every list
};

// The position of a token as in messages: line and column from 1, column and length in characters.
struct Position {
  std::size_t line = 1;
  std::size_t column = 1;
  std::size_t length = 0;
};

// Returns " at 1:8:5".
std::string to_string(const Position& position);

struct Token {
  TokenKind kind = TokenKind::end_of_text;
  std::string text = {};
  Position position = {};

  bool is_symbol(std::string_view symbol) const {
    return kind == TokenKind::symbol && text == symbol;
  }
  // Returns whether it is `keyword`, in any case.
  bool is_keyword(std::string_view keyword) const;
};

// Returns the ValidationException "Statement wasn't well formed, can't be processed: <detail>".
Error not_well_formed(std::string_view detail = "");

// Returns the tokens of `statement`, the last of which is end_of_text. Comments are white space.
// Errors: not_well_formed() without a detail for a character that cannot start a token, for quotes
// and comments without an end, and for numbers with an exponent or scale beyond 32 bits. Source:
// recorded answers.
Result<std::vector<Token>> tokenize(std::string_view statement);

// Returns whether `word`, in any case, is a keyword, which can be a name only in double quotes.
// Source: the PartiQL specification, "Keywords"; recorded answers show that DynamoDB refuses them.
bool is_keyword(std::string_view word);

}  // namespace pageturner::partiql
