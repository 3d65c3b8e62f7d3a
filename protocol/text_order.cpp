#include "protocol/text_order.h"

namespace pageturner {

std::size_t first_repetition(const std::vector<std::string_view>& texts) {
  std::vector<HashedText> sorted;
  sorted.reserve(texts.size());
  for (const std::string_view text : texts) sorted.emplace_back(text, sorted.size());
  const auto text_at = [&](std::size_t index) { return texts[index]; };
  sort_by_text(sorted, text_at);
  std::size_t first = texts.size();
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i].index >= first || sorted[i].hash != sorted[i - 1].hash) continue;
    if (texts[sorted[i].index] == texts[sorted[i - 1].index]) first = sorted[i].index;
  }
  return first;
}

}  // namespace pageturner
