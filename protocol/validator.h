// The two generations of the service's validation of requests, and their wording of errors.
#pragma once

#include <cstdint>

#include "protocol/error.h"

namespace pageturner {

// Each operation's requests are validated by one of these. The current generation reports faults in
// values, and some constraints, in other words than the legacy one. Source: answers of us-east-1
// that were recorded in October 2026.
enum class Validator : std::uint8_t {
  legacy,            // all operations that are not named below
  current,           // GetItem, BatchGetItem, Query: errors of scope constraint have the prefix
                     // "1 validation error detected: "
  current_prefixed,  // PutItem, UpdateItem, DeleteItem: errors of scope request have it too.
                     // Requests deeper than limits::current_validator_json_depth_max are left to
                     // `legacy`
};

// Returns `error`, the result of an operation, in the words of `validator`.
Error worded(Error error, Validator validator);

}  // namespace pageturner
