// The properties of a completed request, for metrics and the request log.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "protocol/error.h"

namespace pageturner {

struct OperationSpec;

struct RequestRecord {
  const OperationSpec* operation = nullptr;  // nullptr: no known operation
  unsigned status = 200;                     // HTTP status
  std::optional<ErrorType> error = {};       // nothing: success, or rejected by the HTTP layer
  std::chrono::nanoseconds duration = {};    // from the framed request to the body of its response
  std::size_t body_bytes = 0;                // of the response
  std::vector<std::string> tables = {};  // names of the tables; only set if there is a request log
};

}  // namespace pageturner
