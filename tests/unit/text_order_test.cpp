// Why: a request can have a million names, and a client can choose names of one hash. What finds
// equal names must then neither be wrong nor take a number of comparisons that grows with the
// square.
#include "protocol/text_order.h"

#include <gtest/gtest.h>

#include <string>

#include "protocol/text.h"

namespace pageturner {
namespace {

TEST(TextOrder, FindsTheFirstRepetition) {
  struct Case {
    std::vector<std::string_view> texts;
    std::size_t first;
  };
  const Case cases[] = {
      {{}, 0},
      {{"a"}, 1},
      {{"a", "a"}, 1},
      {{"a", "b"}, 2},
      {{"", "a", ""}, 2},
      {{"a", "b", "c", "b", "a"}, 3},
      {{"a", "b", "c", "c", "b", "a", "a"}, 3},
      {{"a", "b", "c", "d", "a", "d", "c", "b"}, 4},
  };
  for (const auto& [texts, first] : cases) EXPECT_EQ(first_repetition(texts), first);
}

TEST(TextOrder, ComparesTextsOfOneHashFewTimes) {
  constexpr std::size_t count = 4096;
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) texts.push_back(concat("name", i * 2654435761U % count));
  std::size_t reads = 0;
  const auto text_at = [&](std::size_t index) {
    ++reads;
    return std::string_view(texts[index]);
  };
  std::vector<HashedText> sorted;
  for (const std::string& text : texts) sorted.emplace_back(text, sorted.size());
  const std::uint32_t hash = HashedText("name7", 0).hash;
  for (HashedText& text : sorted) text.hash = hash;
  sort_by_text(sorted, text_at);
  constexpr std::size_t levels = 12;
  EXPECT_LT(reads, count * levels * 4);
  for (std::size_t i = 1; i < count; ++i) {
    EXPECT_LT(texts[sorted[i - 1].index], texts[sorted[i].index]);
  }
  // "name7" is the only text whose hash is that of the others.
  reads = 0;
  const HashedText* const found = find_text(sorted, "name7", text_at);
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(texts[found->index], "name7");
  EXPECT_LT(reads, levels * 2);
}

TEST(TextOrder, FindsTextsByHash) {
  const std::vector<std::string_view> texts = {"b", "", "a", "b"};
  const auto text_at = [&](std::size_t index) { return texts[index]; };
  std::vector<HashedText> sorted;
  for (const std::string_view text : texts) sorted.emplace_back(text, sorted.size());
  sort_by_text(sorted, text_at);
  for (const std::string_view text : texts) {
    const HashedText* const found = find_text(sorted, text, text_at);
    ASSERT_NE(found, nullptr) << text;
    EXPECT_EQ(texts[found->index], text);
  }
  EXPECT_EQ(find_text(sorted, "b", text_at)->index, 0u);  // the first of equal ones
  EXPECT_EQ(find_text(sorted, "c", text_at), nullptr);
}

}  // namespace
}  // namespace pageturner
