// The wall clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace pageturner {

// Milliseconds since 1970.
inline std::int64_t now_milliseconds() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace pageturner
