// Why: precedence decides which items a filter returns, and users search for the exact text of a
// syntax error. Source: guide, "Comparison operator and function reference"; the texts and the
// tokens they name are recorded answers of the service.
#include "protocol/expression/parser.h"

#include <gtest/gtest.h>

#include <string>

#include "protocol/limits.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

// The tree in prefix form: (AND a b), (= a :v), path as [a, [0]].
std::string format(const ExpressionNode& node) {
  if (node.kind == NodeKind::path) {
    return node.path.is_top_level() ? node.path.top_level_name() : to_string(node.path);
  }
  if (node.kind == NodeKind::value) return node.text;
  std::string text = "(" + std::string(operator_name(node));
  for (const ExpressionNode& operand : node.operands) text += " " + format(operand);
  return text + ")";
}

// `count` times `text`, joined.
std::string repeated(std::string_view text, std::size_t count, std::string_view separator) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) all += separator;
    all += text;
  }
  return all;
}

TEST(ConditionParser, BuildsTheTree) {
  const struct {
    const char* text;
    const char* tree;
  } rows[] = {
      {"a = :v", "(= a :v)"},
      {":v <> a", "(<> :v a)"},
      {"#n < b", "(< #n b)"},
      // AND binds tighter than OR, NOT tighter than both, all to the left.
      {"a=:a OR b=:b AND c=:c", "(OR (= a :a) (AND (= b :b) (= c :c)))"},
      {"a=:a AND b=:b OR c=:c", "(OR (AND (= a :a) (= b :b)) (= c :c))"},
      {"a=:a AND b=:b AND c=:c", "(AND (AND (= a :a) (= b :b)) (= c :c))"},
      {"a=:a OR b=:b OR c=:c", "(OR (OR (= a :a) (= b :b)) (= c :c))"},
      {"NOT a=:a AND b=:b", "(AND (NOT (= a :a)) (= b :b))"},
      {"NOT a=:a OR b=:b", "(OR (NOT (= a :a)) (= b :b))"},
      {"NOT NOT a<b", "(NOT (NOT (< a b)))"},
      {"a=:a and not b=:b oR c=:c", "(OR (AND (= a :a) (NOT (= b :b))) (= c :c))"},
      // Parentheses.
      {"(a=:a OR b=:b) AND c=:c", "(AND (OR (= a :a) (= b :b)) (= c :c))"},
      {"NOT (a=:a OR b=:b)", "(NOT (OR (= a :a) (= b :b)))"},
      {"((a=:a) AND (b=:b))", "(AND (= a :a) (= b :b))"},
      {"(a=:a AND (b=:b))", "(AND (= a :a) (= b :b))"},
      {"a = (:v)", "(= a :v)"},
      {"(a) = (:v)", "(= a :v)"},
      {"(NOT (a=:a))", "(NOT (= a :a))"},
      // The AND of BETWEEN does not join conditions.
      {"a BETWEEN :x AND :y", "(BETWEEN a :x :y)"},
      {"a BETWEEN :x AND :y AND b=:b", "(AND (BETWEEN a :x :y) (= b :b))"},
      {"b=:b AND a BETWEEN :x AND :y AND c=:c", "(AND (AND (= b :b) (BETWEEN a :x :y)) (= c :c))"},
      {"NOT a between b and c or d=:d", "(OR (NOT (BETWEEN a b c)) (= d :d))"},
      {"(a)between(b)and(c)", "(BETWEEN a b c)"},
      {"a BETWEEN :x AND :y OR a BETWEEN :z AND :w", "(OR (BETWEEN a :x :y) (BETWEEN a :z :w))"},
      {"a IN (:x)", "(IN a :x)"},
      {"a in (:x, b , size(c)) AND d=:d", "(AND (IN a :x b (size c)) (= d :d))"},
      // Paths.
      {"a.b[0].#c = :v", "(= [a, b, [0], #c] :v)"},
      {"a . b [ 1 ] = :v", "(= [a, b, [1]] :v)"},
      {"a[2147483647] = :v", "(= [a, [2147483647]] :v)"},
      // Functions. White space before the parenthesis is allowed; function names are not keywords.
      {"attribute_exists(a.b)", "(attribute_exists [a, b])"},
      {"attribute_not_exists (a) AND contains(a, :v)",
       "(AND (attribute_not_exists a) (contains a :v))"},
      {"size(a) > size(b)", "(> (size a) (size b))"},
      {"(begins_with(a, (:v)))", "(begins_with a :v)"},
      {"attribute_type(:v, :t)", "(attribute_type :v :t)"},
  };
  for (const auto& row : rows) {
    const auto node = parse_condition(row.text);
    ASSERT_TRUE(node) << row.text << ": " << node.error().message;
    EXPECT_EQ(format(*node), row.tree) << row.text;
  }
}

TEST(ConditionParser, NamesTheTokenOfASyntaxError) {
  const struct {
    const char* text;
    const char* token;
    const char* near;
  } rows[] = {
      // Recorded on the live service.
      {"a-b", "-", "a-b"},
      {"a = = b", "=", "= = b"},
      {"foo", "<EOF>", "foo"},
      {"attribute_not_exists(", "<EOF>", "("},
      {"attribute_not_exists()", ")", "()"},
      {"tenantAgent:abc123-x", ":abc123", "tenantAgent:abc123-"},
      {"#articleId attribute_not_exists :ckpst", "attribute_not_exists",
       "#articleId attribute_not_exists :ckpst"},
      // Recorded on DynamoDB Local, which shares that code.
      {"   ", "<EOF>", "   "},
      {"1abc = :v", "1", "1abc"},
      {"  1abc = :v", "1", "  1abc"},
      {"_a = :v", "_", "_a"},
      {"aé = :v", "é", "aé ="},
      {"n == :v", "=", "== :v"},
      {"n != :v", "!", "n !="},
      {"n => :v", ">", "=> :v"},
      {"n = :v AND", "<EOF>", "AND"},
      {"n = :v AND  ", "<EOF>", "AND  "},
      {"n = :v)", ")", ":v)"},
      {"(n = :v", "<EOF>", ":v"},
      {"n IN ()", ")", "()"},
      {"(n)", "<EOF>", ")"},
      {"l[01]", "1", "01]"},
      {"n = :v = ((n = :v))", "=", ":v = ("},
      // The same rule; only the refusal is recorded.
      {"a..b = :v", ".", "..b"},
      {"a[:b] = :v", ":b", "[:b]"},
      {"a[4.5] = :v", ".", "4.5"},
      {"a in b", "b", "in b"},
      {"a in (b,c,)", ")", ",)"},
      {"a > between", "between", "> between"},
      {"size(a).b = :v", ".", ").b"},
      {"a > 4", "4", "> 4"},
      {"a = :v b = :w", "b", ":v b ="},
      {"a BETWEEN :x", "<EOF>", ":x"},
      {"a BETWEEN :x OR :y", "OR", ":x OR :y"},
      {"NOT a", "<EOF>", "a"},
      {"a AND b", "AND", "a AND b"},
      {"(a = :v) = :w", "=", ") = :w"},
  };
  for (const auto& row : rows) {
    const auto node = parse_condition(row.text);
    EXPECT_EQ(message_of(node),
              std::string("Syntax error; token: \"") + row.token + "\", near: \"" + row.near + "\"")
        << row.text;
  }
}

TEST(ConditionParser, RefusesEmptyText) {
  EXPECT_EQ(message_of(parse_condition("")), "The expression can not be empty;");
  EXPECT_EQ(message_of(parse_projection("")), "The expression can not be empty;");
}

TEST(ConditionParser, RefusesRedundantParentheses) {
  for (const char* text :
       {"((a=b))", "a > ((views))", "f((:x), ((a)))", "(a)between(((b.c)).d)and(c)",
        "a=a AND ((a=a AND a=a)) AND a=a", "NOT ((a=b))", "((a=b)) AND", "a IN (((:v)))"}) {
    EXPECT_EQ(message_of(parse_condition(text)), "The expression has redundant parentheses;")
        << text;
  }
}

TEST(ConditionParser, RefusesFunctionsWhereTheyCannotStand) {
  const std::string misplaced =
      "The function is not allowed to be used this way in an expression; function: ";
  const struct {
    const char* text;
    std::string message;
  } rows[] = {
      {"whatever(a)", "Invalid function name; function: whatever"},
      {"Begins_With(a, :v)", "Invalid function name; function: Begins_With"},
      {"size(a)", misplaced + "size"},
      {"size(a) AND a = :v", misplaced + "size"},
      {"attribute_exists(a) > b", misplaced + "attribute_exists"},
      {"size(contains(a, b)) = :v", misplaced + "contains"},
      {"a in (b, attribute_exists(x))", misplaced + "attribute_exists"},
      {"if_not_exists(a, :v)",
       "The function is not allowed in a condition expression; function: if_not_exists"},
      {"a = list_append(a, :v)",
       "The function is not allowed in a condition expression; function: list_append"},
  };
  for (const auto& row : rows) EXPECT_EQ(message_of(parse_condition(row.text)), row.message);
}

TEST(ConditionParser, RefusesReservedWordsAsTheyAreWritten) {
  const std::string reserved = "Attribute name is a reserved keyword; reserved keyword: ";
  EXPECT_EQ(message_of(parse_condition("abOrT = :v")), reserved + "abOrT");
  EXPECT_EQ(message_of(parse_condition("a.abORt = :v")), reserved + "abORt");
  EXPECT_EQ(message_of(parse_condition("a = :v AND Name = :v")), reserved + "Name");
  EXPECT_EQ(message_of(parse_condition("size = :v")), reserved + "size");
  EXPECT_EQ(message_of(parse_condition("#name = :v")), "(accepted)");
  // The first in the text is reported, a function before its arguments.
  EXPECT_EQ(message_of(parse_condition("whatever(views)")),
            "Invalid function name; function: whatever");
  EXPECT_EQ(message_of(parse_condition("views = :v AND whatever(a)")), reserved + "views");
}

TEST(ConditionParser, LimitsListIndexesAndPathLevels) {
  EXPECT_EQ(message_of(parse_condition("a[2147483648] = :v")),
            "List index is not within the allowable range; index: [2147483648]");
  EXPECT_EQ(message_of(parse_condition(repeated("a", 32, ".") + " = :v")), "(accepted)");
  EXPECT_EQ(message_of(parse_condition(repeated("a", 33, ".") + " = :v")),
            "The document path has too many nesting levels; nesting levels: 33");
}

TEST(ConditionParser, LimitsOperators) {
  const std::string too_many = "The expression contains too many operators; operator count: 301";
  // n comparisons and n - 1 ANDs.
  EXPECT_EQ(message_of(parse_condition(repeated("a=b", 150, " AND "))), "(accepted)");
  EXPECT_EQ(message_of(parse_condition(repeated("a=b", 151, " AND "))), too_many);
  EXPECT_EQ(message_of(parse_condition(repeated("NOT ", 299, "") + "a=b")), "(accepted)");
  EXPECT_EQ(message_of(parse_condition(repeated("NOT ", 300, "") + "a=b")), too_many);
}

TEST(ConditionParser, IsNotExhaustedByDeepNesting) {
  for (const char* opening : {"(", "NOT ", "size(", "a=b AND (", "a IN ("}) {
    EXPECT_FALSE(parse_condition(repeated(opening, 100'000, ""))) << opening;
  }
}

TEST(ProjectionParser, ReadsPaths) {
  const auto paths = parse_projection("a, #b.c[0] ,d[1][2].e").value();
  ASSERT_EQ(paths.size(), 3u);
  EXPECT_EQ(to_string(paths[0]), "[a]");
  EXPECT_EQ(to_string(paths[1]), "[#b, c, [0]]");
  EXPECT_EQ(to_string(paths[2]), "[d, [1], [2], e]");
}

TEST(ProjectionParser, NamesTheTokenOfASyntaxError) {
  const struct {
    const char* text;
    const char* token;
    const char* near;
  } rows[] = {
      {":a", ":a", ":a"},   {"whatever(stuff)", "(", "whatever(stuff"},
      {"a,,b", ",", ",,b"}, {"a..b", ".", "..b"},
      {"a[b]", "b", "[b]"}, {"(a)", "(", "(a"},
      {"a-b", "-", "a-b"},  {"a,", "<EOF>", ","},
      {"a b", "b", "a b"},  {"a AND b", "AND", "a AND b"},
      {" ", "<EOF>", " "},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(message_of(parse_projection(row.text)),
              std::string("Syntax error; token: \"") + row.token + "\", near: \"" + row.near + "\"")
        << row.text;
  }
}

TEST(ProjectionParser, RefusesReservedWords) {
  EXPECT_EQ(message_of(parse_projection("a, b.views")),
            "Attribute name is a reserved keyword; reserved keyword: views");
}

}  // namespace
}  // namespace pageturner
