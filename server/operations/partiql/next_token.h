// NextToken: where the next page of a PartiQL statement starts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/json.h"

namespace pageturner {

// The place in what a statement reads.
struct ReadPosition {
  std::uint32_t read = 0;     // the number of the read, of those the statement comes to
  std::string last_key = {};  // the last key that was evaluated in it; empty: none yet
};

// The token for `position` in the statement of the request `body`: Statement and Parameters.
std::string make_next_token(JsonValue body, const ReadPosition& position);

// The place that the NextToken of `body` means; the start where there is none. Errors:
// ValidationException for what is no token or one of another statement. The key in it may be any
// bytes: clients can make tokens up.
Result<ReadPosition> parse_next_token(JsonValue body);

// What a token of another statement, or of a table that is gone, is refused with.
Error mismatched_next_token();

}  // namespace pageturner
