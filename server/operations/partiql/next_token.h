// NextToken: the start of the next page of a PartiQL statement.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/json.h"

namespace pageturner {

// A position in the reads of a statement.
struct ReadPosition {
  std::uint32_t read = 0;     // the index of the read
  std::string last_key = {};  // the last key that was evaluated in it; empty: none yet
};

// Returns the token for `position` in the statement of `body`, its Statement and Parameters.
std::string make_next_token(JsonValue body, const ReadPosition& position);

// Returns the position in the NextToken of `body`; the start if there is none. Errors:
// ValidationException for an invalid token and for the token of another statement. The key in it
// can be any bytes, since clients can forge tokens.
Result<ReadPosition> parse_next_token(JsonValue body);

// Returns the error for the token of another statement or of a deleted table.
Error mismatched_next_token();

}  // namespace pageturner
