#include "protocol/text_order.h"

namespace pageturner {

std::size_t first_repetition(const std::vector<std::string_view>& texts) {
  std::vector<HashedText> sorted;
  sorted.reserve(texts.size());
  for (const std::string_view text : texts) sorted.emplace_back(text, sorted.size());
  const auto text_at = [&](std::size_t index) { return texts[index]; };
  sort_by_text(sorted, text_at);
  std::size_t first = texts.size();
  for_each_repetition(sorted, text_at,
                      [&](std::size_t, std::size_t later) { first = std::min(first, later); });
  return first;
}

}  // namespace pageturner
