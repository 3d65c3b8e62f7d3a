// Why: error messages are built with concat(), from every type of part that callers have.
#include "protocol/text.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace pageturner {
namespace {

TEST(Text, ConcatTakesTextsCharactersAndIntegers) {
  const std::string text = "Key";
  const std::string_view view = "view";
  EXPECT_EQ(concat(), "");
  EXPECT_EQ(concat(text, ": ", view, '!'), "Key: view!");
  EXPECT_EQ(concat(std::string_view("a\0b", 3), '\0'), std::string("a\0b\0", 4));
  EXPECT_EQ(concat(-1, ' ', std::size_t{2}, ' ', std::int64_t{-9'223'372'036'854'775'807}),
            "-1 2 -9223372036854775807");
  EXPECT_EQ(concat(std::uint8_t{65}), "65");
}

}  // namespace
}  // namespace pageturner
