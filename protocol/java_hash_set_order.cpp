#include "protocol/java_hash_set_order.h"

#include <algorithm>
#include <cstdint>

namespace pageturner {

std::vector<std::string_view> first_in_java_hash_set_order(
    const std::vector<std::string_view>& texts, std::size_t count_max) {
  std::uint32_t capacity = 16;
  while (texts.size() * 4 > capacity * std::size_t{3}) capacity *= 2;
  // The bucket in the upper half and the index in the lower one, so that the order of numbers is
  // the order wanted. A request may have a million texts.
  std::vector<std::uint64_t> order;
  order.reserve(texts.size());
  for (const std::string_view text : texts) {
    std::uint32_t hash = 0;
    for (const char c : text) hash = hash * 31 + static_cast<unsigned char>(c);
    const std::uint64_t bucket = (hash ^ (hash >> 16)) & (capacity - 1);
    order.push_back(bucket << 32 | order.size());
  }
  const std::size_t count = std::min(count_max, texts.size());
  const auto end = order.begin() + static_cast<std::ptrdiff_t>(count);
  if (end != order.end()) std::nth_element(order.begin(), end, order.end());
  std::sort(order.begin(), end);
  std::vector<std::string_view> first;
  first.reserve(count);
  for (auto at = order.begin(); at != end; ++at) {
    first.push_back(texts[static_cast<std::uint32_t>(*at)]);
  }
  return first;
}

}  // namespace pageturner
