// Why: all that can be checked of an expression without the table is checked here; the first error
// in the text is the one to report. Source: guide, "Expressions"; the texts are recorded answers.
#include "protocol/expression/compile.h"

#include <gtest/gtest.h>

#include "tests/unit/filter_expression.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

TEST(Compile, ReportsTheFirstErrorInTheText) {
  EXPECT_TRUE(
      message("a = :missing AND begins_with(b, :n)").ends_with("attribute value: :missing"));
  EXPECT_TRUE(message("begins_with(b, :n) AND a = :missing").ends_with("operand type: N"));
}

TEST(Compile, LimitsTheSizeOfExpressions) {
  const auto size_message = [](ExpressionParameter parameter, std::size_t size) {
    Placeholders placeholders = placeholders_of("", placeholder_values).value();
    const std::string text = "a = :n" + std::string(size - 6, ' ');
    return message_of(compile_condition(parameter, text, placeholders));
  };
  const std::string exceeded = "Expression size has exceeded the maximum allowed size;";
  EXPECT_EQ(size_message(ExpressionParameter::condition, 4096), "(accepted)");
  EXPECT_EQ(size_message(ExpressionParameter::condition, 4097),
            "Invalid ConditionExpression: " + exceeded + " expression size: 4097");
  EXPECT_EQ(size_message(ExpressionParameter::filter, 5000),
            "Invalid FilterExpression: " + exceeded + " expression size: 5000");
  EXPECT_EQ(size_message(ExpressionParameter::key_condition, 4097),
            "Invalid KeyConditionExpression: " + exceeded);
  Placeholders none = placeholders_of("", "").value();
  EXPECT_EQ(message_of(compile_projection("a" + std::string(4096, ' '), none)),
            "Invalid ProjectionExpression: " + exceeded);
}

TEST(Compile, RefusesProjectionsThatOverlap) {
  Placeholders placeholders = placeholders_of(R"({"#x":"a"})", "").value();
  EXPECT_EQ(message_of(compile_projection("a.b, #x", placeholders)),
            "Invalid ProjectionExpression: Two document paths overlap with each other; must remove "
            "or rewrite one of these paths; path one: [a, b], path two: [a]");
}

// A cached tree is resolved with the placeholders of this request, after any number of other texts.
TEST(Compile, ResolvesACachedTextWithThePlaceholdersOfTheRequest) {
  constexpr std::string_view text = "#a = :v";
  for (int round = 0; round < 3; ++round) {
    const std::string number = std::to_string(round);
    const ExpressionNode node =
        condition_of(text, R"({":v":{"N":")" + number + R"("}})", R"({"#a":"a)" + number + R"("})");
    EXPECT_EQ(node.operands[0].path.top_level_name(), "a" + number);
    EXPECT_EQ(node.operands[1].value->as<Number>().to_string(), number);
    for (int other = 0; other < 300; ++other) {
      const std::string name = "b" + std::to_string(other);
      const ExpressionNode different = condition_of(name + " = :v", R"({":v":{"N":"1"}})");
      ASSERT_EQ(different.operands[0].path.top_level_name(), name);
    }
  }
}

}  // namespace
}  // namespace pageturner
