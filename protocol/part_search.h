// Searches for bytes in bytes in linear time.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <string_view>
#include <vector>

namespace pageturner {

// As has_part(), by the algorithm of Knuth, Morris and Pratt.
template <class Equal>
bool has_part_by_borders(std::string_view text, std::string_view part, Equal equal) {
  // borders[i] is the length of the longest proper prefix of part[0, i] that is also its suffix.
  std::vector<std::uint32_t> borders(part.size());
  std::size_t matched = 0;
  const auto extend = [&](char next) {
    while (!equal(part[matched], next)) {
      if (matched == 0) return;
      matched = borders[matched - 1];
    }
    ++matched;
  };
  for (std::size_t i = 1; i < part.size(); ++i) {
    extend(part[i]);
    borders[i] = static_cast<std::uint32_t>(matched);
  }
  matched = 0;
  for (const char next : text) {
    extend(next);
    if (matched == part.size()) return true;
  }
  return false;
}

// Returns whether `text` contains `part`. Compares bytes with `equal`; a test may count its calls.
// Takes linear time: an ordinary text is searched for the first byte of `part`; if too many
// positions turn out to be wrong, as in "aaa…", the rest is searched by an algorithm that reads
// each byte once.
template <class Equal = std::equal_to<char>>
bool has_part(std::string_view text, std::string_view part, Equal equal = {}) {
  if (part.empty()) return true;
  constexpr std::size_t start_cost = 8;   // of a wrong position, in comparisons
  constexpr std::size_t free_cost = 512;  // less than the other algorithm takes to start
  std::size_t cost = 0;
  for (std::size_t at = 0; at + part.size() <= text.size(); ++at) {
    const void* found = std::memchr(text.data() + at, part[0], text.size() - part.size() - at + 1);
    if (found == nullptr) return false;
    at = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    std::size_t matched = 1;
    while (matched < part.size() && equal(text[at + matched], part[matched])) ++matched;
    if (matched == part.size()) return true;
    cost += start_cost + matched;
    if (cost > free_cost + at) return has_part_by_borders(text.substr(at + 1), part, equal);
  }
  return false;
}

}  // namespace pageturner
