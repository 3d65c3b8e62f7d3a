// Why: error messages are built with concat(), from every type of part that callers have, and list
// names with join().
#include "protocol/text.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

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

TEST(Text, JoinSeparatesElementsEvenIfTheyAreEmpty) {
  const struct {
    std::vector<std::string_view> elements;
    std::string_view joined;
  } rows[] = {{{}, ""}, {{"a"}, "a"}, {{"a", "b", "c"}, "a, b, c"}, {{"", ""}, ", "}};
  for (const auto& row : rows) EXPECT_EQ(join(row.elements, ", "), row.joined);

  struct Named {
    std::string name;
  };
  const std::vector<Named> named = {{"x"}, {"y"}};
  EXPECT_EQ(join(named, ";", &Named::name), "x;y");
  EXPECT_EQ(join(named, "/", [](const Named& element) { return element.name + "!"; }), "x!/y!");
}

}  // namespace
}  // namespace pageturner
