#include "protocol/java_hash_set_order.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace pageturner {

void sort_in_java_hash_set_order(std::vector<std::string_view>& texts) {
  std::uint32_t capacity = 16;
  while (texts.size() * 4 > capacity * std::size_t{3}) capacity *= 2;
  std::vector<std::pair<std::uint32_t, std::string_view>> by_bucket;
  by_bucket.reserve(texts.size());
  for (const std::string_view text : texts) {
    std::uint32_t hash = 0;
    for (const char c : text) hash = hash * 31 + static_cast<unsigned char>(c);
    by_bucket.emplace_back((hash ^ (hash >> 16)) & (capacity - 1), text);
  }
  std::stable_sort(by_bucket.begin(), by_bucket.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  std::transform(by_bucket.begin(), by_bucket.end(), texts.begin(),
                 [](const auto& entry) { return entry.second; });
}

}  // namespace pageturner
