// What the parts of the PartiQL parser share: the tokens, the parameters, and what is wrong so far.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/partiql/lexer.h"

namespace pageturner::partiql {

// Reads tokens in their order. A statement that does not parse is told before anything that is
// wrong with what it says; so the parser leaves such an error here and goes on.
class Reader {
 public:
  // `parameters`, those of the request, have to outlive the reader.
  Reader(std::vector<Token> tokens, std::span<const AttributeValue> parameters)
      : tokens_(std::move(tokens)), parameters_(parameters) {}

  // The next token, or the one `ahead` of it. Behind the end there is only the end.
  const Token& peek(std::size_t ahead = 0) const;
  // The same, and moves behind it.
  const Token& next();
  bool accept_symbol(std::string_view symbol);
  bool accept_keyword(std::string_view keyword);
  // Errors: not_well_formed(`complaint`) where the next token is not `symbol`.
  Result<void> expect_symbol(std::string_view symbol, std::string_view complaint);
  // Whether nothing is left but the semicolon that a statement may end with.
  bool at_end() const;
  // Whether the next token is a name that needs no quotes or has them.
  bool at_name() const;
  // Whether the next token is a name, keyword or not, with an opening parenthesis behind it.
  bool at_call() const;

  // The value of the parameter whose question mark is next, and moves behind that.
  AttributeValue take_parameter();

  // What is wrong with the meaning of the statement; the first of several counts.
  void defer(Error error);
  const std::optional<Error>& deferred() const { return deferred_; }

  // Counts a level of nesting or an operator. Errors: ValidationException for too many; so nothing
  // the parser builds is deeper than its and everybody else's recursion can bear.
  Result<void> enter();
  void leave() { --depth_; }
  Result<void> count_operator();

 private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::span<const AttributeValue> parameters_;
  std::size_t parameters_taken_ = 0;
  std::optional<Error> deferred_;
  std::size_t depth_ = 0;
  std::size_t operators_ = 0;
};

// What the parser says of a token where a value, a path or a condition should start.
Error unexpected_term(const Token& token);

}  // namespace pageturner::partiql
