// Why: the service accepts or rejects names and tags by their length and characters, in any script.
// Source: the Unicode Standard; guide, "Tagging restrictions in DynamoDB".
#include "protocol/unicode.h"

#include <gtest/gtest.h>

#include <string>

namespace pageturner {
namespace {

TEST(Unicode, CountsUtf16Units) {
  const struct {
    const char* text;
    std::size_t units;
  } rows[] = {{"", 0}, {"abc", 3}, {"é", 1}, {"中文", 2}, {"😀", 2}, {"a😀é", 4}};
  for (const auto& row : rows) EXPECT_EQ(utf16_length(row.text), row.units) << row.text;
}

TEST(Unicode, DecodesCodePoints) {
  std::string_view text = "aé中😀\u007F\U0010FFFF";
  for (const char32_t expected : U"aé中😀\u007F\U0010FFFF") {
    if (expected == 0) break;  // the end of the literal
    ASSERT_FALSE(text.empty());
    EXPECT_EQ(take_code_point(text), expected);
  }
  EXPECT_TRUE(text.empty());
}

TEST(Unicode, ClassifiesLettersDigitsAndSpaces) {
  for (const char32_t good : U"azAZ09 \u00A0ªµéÿßĀЖאب中あ한٣५²½Ⅷ\u2003\u3000𝐀𠀀") {
    if (good == 0) break;
    EXPECT_TRUE(is_letter_digit_or_space(good)) << static_cast<unsigned>(good);
  }
  for (const char32_t bad : U"\t\n\u007F\u0085#%,'\"()!~^$`×÷§¿–—…“€→∑☕★😀🚀、。\uFE0F\uE000") {
    if (bad == 0) break;
    EXPECT_FALSE(is_letter_digit_or_space(bad)) << static_cast<unsigned>(bad);
  }
}

}  // namespace
}  // namespace pageturner
