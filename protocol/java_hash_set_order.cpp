#include "protocol/java_hash_set_order.h"

#include <algorithm>
#include <cstdint>

namespace pageturner {

void sort_in_java_hash_set_order(std::vector<std::string>& texts) {
  std::uint32_t capacity = 16;
  while (texts.size() * 4 > capacity * std::size_t{3}) capacity *= 2;
  const auto bucket = [capacity](const std::string& text) {
    std::uint32_t hash = 0;
    for (const char c : text) hash = hash * 31 + static_cast<unsigned char>(c);
    return (hash ^ (hash >> 16)) & (capacity - 1);
  };
  std::stable_sort(texts.begin(), texts.end(),
                   [&](const std::string& left, const std::string& right) {
                     return bucket(left) < bucket(right);
                   });
}

}  // namespace pageturner
