// Why: contains() searches texts of 400 KB up to 200 times in one filter. The search must be
// correct, and linear for every text: std::string::find takes quadratic time for "aaa…".
#include "protocol/part_search.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <string>

namespace pageturner {
namespace {

TEST(PartSearch, FindsWhatStringFindDoes) {
  std::mt19937 random(1);
  const auto text = [&](std::size_t size_max) {
    std::string made(random() % (size_max + 1), '\0');
    for (char& c : made) c = random() % 8 == 0 ? 'b' : 'a';
    return made;
  };
  for (int i = 0; i < 3'000; ++i) {
    const std::string hay = text(1'000);
    const std::string part = text(12);
    const bool is_there = hay.find(part) != std::string::npos;
    EXPECT_EQ(has_part(hay, part), is_there) << hay << " / " << part;
    if (!part.empty()) {
      EXPECT_EQ(has_part_by_borders(hay, part, std::equal_to<char>()), is_there)
          << hay << " / " << part;
    }
  }
}

TEST(PartSearch, ComparesEachByteAFewTimes) {
  constexpr std::size_t size = 20'000;
  const std::string hay(size, 'a');
  const std::string half(size / 2, 'a');
  for (const std::string& part :
       {half + "b", "b" + half, half + "b" + half.substr(1), std::string("aaaaaaab"),
        std::string("ab"), std::string(200, 'a') + "b"}) {
    std::size_t comparisons = 0;
    EXPECT_FALSE(has_part(hay, part, [&](char left, char right) {
      ++comparisons;
      return left == right;
    }));
    EXPECT_LE(comparisons, 4 * size + 2'000) << part.size();
  }
}

}  // namespace
}  // namespace pageturner
