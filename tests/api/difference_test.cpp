// Why: the output of a failed case is read by somebody who has not seen the table; it has to name
// the place that differs, and a comparison that accepts too much would hide a wrong answer.
#include "tests/api/difference.h"

#include <gtest/gtest.h>

#include <string>

namespace pageturner {
namespace {

namespace json = boost::json;

struct Comparison {
  const char* expected;
  const char* actual;
  const char* differences;  // empty: they match
  bool any_order = false;
};

TEST(Difference, NamesThePlaces) {
  const std::string same(60, 'x');
  const std::string long_text = "\"" + same + "end of one\"";
  const std::string other_text = "\"" + same + "end of two\"";
  const Comparison comparisons[] = {
      {R"({"a": 1, "b": [true, null]})", R"({"b": [true, null], "a": 1.0})", ""},
      {"1", R"("1")", "the answer: expected 1, was \"1\"\n"},
      {R"({"Items": [{"sk": {"N": "3"}}]})", R"({"Items": [{"sk": {"N": "4"}}]})",
       "Items[0].sk.N: expected \"3\", was \"4\"\n"},
      {R"({"a": 1, "b": 2})", R"({"b": 2, "c": 3})",
       "a: missing, expected 1\nc: not expected, was 3\n"},
      // One element less or more does not make all behind it differ.
      {"[1, 2, 3, 4]", "[1, 3, 4]", "[1]: missing, expected 2\n"},
      {"[1, 2]", "[1, 9, 2]", "[1]: not expected, was 9\n"},
      {"[1, 2]", "[2, 1]", "[0]: expected 1, was 2\n[1]: expected 2, was 1\n"},
      {"[1, 2]", "[2, 1]", "", true},
      {"[1, 2, 2]", "[2, 1, 3]", "[2]: expected 2, was 3\n", true},
      {R"(["$any", "$any_number", "$any_string", "$uuid", "a$*c"])",
       R"([null, 1, "x", "00000000-0000-4000-8000-000000000000", "abc"])", ""},
      {R"(["$any_number", "$any_string", "$uuid", "a$*c"])", R"(["1", 1, "no", "ab"])",
       "[0]: expected \"$any_number\", was \"1\"\n"
       "[1]: expected \"$any_string\", was 1\n"
       "[2]: expected \"$uuid\", was \"no\"\n"
       "[3]: expected \"a$*c\", was \"ab\"\n"},
      // Of a long text the part that differs.
      {long_text.c_str(), other_text.c_str(),
       "the answer: differs from byte 67 on: expected …\"xxxxxxxxxxxxxend of one\", was "
       "…\"xxxxxxxxxxxxxend of two\"\n"}};
  for (const Comparison& each : comparisons) {
    const json::value expected = json::parse(each.expected);
    const json::value actual = json::parse(each.actual);
    EXPECT_EQ(describe_differences(expected, actual, each.any_order), each.differences);
    EXPECT_EQ(matches(expected, actual, each.any_order), std::string(each.differences).empty());
  }
}

TEST(Difference, EndsAfterSoMany) {
  EXPECT_EQ(describe_differences(json::parse("[1, 2, 3]"), json::parse("[4, 5, 6]"), false, 1),
            "[0]: expected 1, was 4\n… and 2 more\n");
}

}  // namespace
}  // namespace pageturner
