// Integers as bytes of a fixed order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace pageturner {

// Appends the low `bytes` bytes of `number`, most significant first: their order as bytes is the
// order of the numbers.
inline void append_big_endian(std::string& out, std::uint64_t number, std::size_t bytes = 4) {
  for (std::size_t i = bytes; i-- > 0;) out += static_cast<char>(number >> (8 * i));
}

// Writes the same bytes to `at`.
inline void write_big_endian(char* at, std::uint64_t number, std::size_t bytes = 4) {
  for (std::size_t i = 0; i < bytes; ++i) {
    at[i] = static_cast<char>(number >> (8 * (bytes - 1 - i)));
  }
}

// Returns the number of `bytes`, at most eight, most significant first.
inline std::uint64_t read_big_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

// As append_big_endian, with the least significant byte first.
inline void append_little_endian(std::string& out, std::uint64_t number, std::size_t bytes = 4) {
  for (std::size_t i = 0; i < bytes; ++i) out += static_cast<char>(number >> (8 * i));
}

// Writes the same bytes to `at`.
inline void write_little_endian(char* at, std::uint64_t number, std::size_t bytes = 4) {
  for (std::size_t i = 0; i < bytes; ++i) at[i] = static_cast<char>(number >> (8 * i));
}

inline std::uint64_t read_little_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

}  // namespace pageturner
