// What is known of a request once it is answered, for those who count it or write it down.
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
  const OperationSpec* operation = nullptr;  // nullptr: it asked for none that there is
  unsigned status = 200;                     // of HTTP
  std::optional<ErrorType> error = {};       // nothing: it succeeded, or HTTP itself refused it
  std::chrono::nanoseconds duration = {};    // from the framed request to the body of its answer
  std::size_t body_bytes = 0;                // of the answer
  std::vector<std::string> tables = {};      // their names; only where somebody writes them down
};

}  // namespace pageturner
