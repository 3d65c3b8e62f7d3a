// State of the PartiQL parser: the tokens, the parameters and the deferred error.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/error.h"
#include "protocol/partiql/lexer.h"
#include "protocol/shared_value.h"

namespace pageturner::partiql {

// Reads tokens in order. The service reports a syntax error anywhere in a statement before all
// other errors; so the parser defers other errors and continues.
class Reader {
 public:
  // `parameters` are those of the request.
  Reader(std::vector<Token> tokens, std::vector<SharedValue> parameters)
      : tokens_(std::move(tokens)), parameters_(std::move(parameters)) {}

  // Returns the next token, or the one `ahead` of it. After the last token: end_of_text.
  const Token& peek(std::size_t ahead = 0) const;
  // Returns the next token and consumes it.
  const Token& next();
  // Consume the next token if it is `symbol` or `keyword`; return whether it was.
  bool accept_symbol(std::string_view symbol);
  bool accept_keyword(std::string_view keyword);
  // Consumes `symbol`. Errors: not_well_formed(`complaint`) if the next token is another.
  Result<void> expect_symbol(std::string_view symbol, std::string_view complaint);
  // Returns whether the statement ends here, with or without a semicolon.
  bool at_end() const;
  // Returns whether the next token is a name: in quotes, or not a keyword.
  bool at_name() const;
  // Returns whether the next tokens are a name, which may be a keyword, and an opening parenthesis.
  bool at_call() const;

  // Consumes the next token and returns its text, the name of an attribute. The errors of
  // check_attribute_name() are deferred.
  std::string take_attribute_name();

  // Consumes a question mark and returns the value of its parameter. A missing one is deferred.
  SharedValue take_parameter();

  // Stores an error to report if the statement parses. Only the first is kept.
  void defer(Error error);
  const std::optional<Error>& deferred() const { return deferred_; }

  // Count a level of nesting or an operator. Errors: ValidationException for too many. This bounds
  // the recursion of the parser and of all functions that walk the tree.
  Result<void> enter();
  void leave() { --depth_; }
  Result<void> count_operator();

 private:
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<SharedValue> parameters_;
  std::size_t parameters_taken_ = 0;
  std::optional<Error> deferred_;
  std::size_t depth_ = 0;
  std::size_t operators_ = 0;
};

// Returns the error for a token that cannot start a value, a path or a condition.
Error unexpected_term(const Token& token);

}  // namespace pageturner::partiql
