// The memory that an allocation takes.
#pragma once

#include <algorithm>
#include <cstddef>

namespace pageturner {

// Returns the memory of an allocation of `bytes`. glibc adds 8 bytes and rounds the sum up to a
// multiple of 16 bytes, at least 32.
constexpr std::size_t allocation_bytes(std::size_t bytes) {
  constexpr std::size_t least = 32;
  return std::max(least, (bytes + 8 + 15) / 16 * 16);
}

}  // namespace pageturner
