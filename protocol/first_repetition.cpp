#include "protocol/first_repetition.h"

#include <absl/hash/hash.h>

#include <algorithm>
#include <bit>
#include <cstdint>

namespace pageturner {

std::size_t first_repetition(const std::vector<std::string_view>& texts) {
  // The upper bits are those of the hash, the lower ones the index.
  const std::uint64_t index_mask = (std::uint64_t{1} << std::bit_width(texts.size())) - 1;
  std::vector<std::uint64_t> by_hash;
  by_hash.reserve(texts.size());
  for (const std::string_view text : texts) {
    const std::uint64_t hash = absl::Hash<std::string_view>()(text);
    by_hash.push_back((hash & ~index_mask) | by_hash.size());
  }
  std::sort(by_hash.begin(), by_hash.end());
  std::size_t first = texts.size();
  auto begin = by_hash.begin();  // of the texts with this hash
  for (auto at = begin; at != by_hash.end(); ++at) {
    if (((*at ^ *begin) & ~index_mask) != 0) begin = at;
    const std::size_t index = *at & index_mask;
    if (index >= first) continue;
    const bool repeats = std::any_of(begin, at, [&](std::uint64_t earlier) {
      return texts[earlier & index_mask] == texts[index];
    });
    if (repeats) first = index;
  }
  return first;
}

}  // namespace pageturner
