// Formats bytes for tests.
#pragma once

#include <string>
#include <string_view>

namespace pageturner {

// Returns `bytes` in upper-case hexadecimal without spaces.
inline std::string hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789ABCDEF";
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

}  // namespace pageturner
