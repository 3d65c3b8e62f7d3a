// Why: functions and operators are enums inside and texts outside. A name that maps to the wrong
// enumerator evaluates another function; an unknown name must be refused wherever a call can be.
// Source: guide, "Comparison operator and function reference"; recorded answers of the service.
#include <gtest/gtest.h>

#include "protocol/expression/ast.h"
#include "protocol/expression/parser.h"
#include "protocol/partiql/parser.h"
#include "protocol/text.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

TEST(ExpressionNames, FunctionsHaveTheirNames) {
  const struct {
    Function function;
    const char* name;
  } rows[] = {
      {Function::attribute_exists, "attribute_exists"},
      {Function::attribute_not_exists, "attribute_not_exists"},
      {Function::attribute_type, "attribute_type"},
      {Function::begins_with, "begins_with"},
      {Function::contains, "contains"},
      {Function::if_not_exists, "if_not_exists"},
      {Function::list_append, "list_append"},
      {Function::size, "size"},
  };
  ASSERT_EQ(std::size(rows), static_cast<std::size_t>(Function::unknown)) << "a row is missing";
  for (const auto& row : rows) {
    EXPECT_EQ(function_name(row.function), row.name);
    EXPECT_EQ(find_function(row.name), row.function) << row.name;
    EXPECT_EQ(operator_name(operator_node(row.function, {})), row.name);
  }
  for (const char* name : {"", "Size", "SIZE", "size ", "siz", "sizes", "unknown"}) {
    EXPECT_EQ(find_function(name), Function::unknown) << name;
  }
}

TEST(ExpressionNames, ComparatorsHaveTheirTexts) {
  const struct {
    Comparator comparator;
    const char* text;
  } rows[] = {
      {Comparator::equal, "="},   {Comparator::not_equal, "<>"},
      {Comparator::less, "<"},    {Comparator::less_or_equal, "<="},
      {Comparator::greater, ">"}, {Comparator::greater_or_equal, ">="},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(comparator_text(row.comparator), row.text);
    EXPECT_EQ(find_comparator(row.text), row.comparator) << row.text;
    EXPECT_EQ(operator_name(operator_node(row.comparator, {})), row.text);
  }
  for (const char* text : {"", "==", "!=", "=<", "(", "AND"}) {
    EXPECT_EQ(find_comparator(text), std::nullopt) << text;
  }
}

TEST(ExpressionNames, OtherOperatorsHaveTheirNames) {
  EXPECT_EQ(operator_name(operator_node(Arithmetic::add, {})), "+");
  EXPECT_EQ(operator_name(operator_node(Arithmetic::subtract, {})), "-");
  EXPECT_EQ(operator_name(operator_node(NodeKind::between, {})), "BETWEEN");
  EXPECT_EQ(operator_name(operator_node(NodeKind::in, {})), "IN");
  EXPECT_EQ(operator_name(operator_node(NodeKind::logical_and, {})), "AND");
  EXPECT_EQ(operator_name(operator_node(NodeKind::logical_or, {})), "OR");
  EXPECT_EQ(operator_name(operator_node(NodeKind::logical_not, {})), "NOT");
  EXPECT_EQ(operator_name(path_node("a")), "");
  EXPECT_EQ(operator_name(value_node({})), "");
}

// `f` stands for the unknown function, in all positions of a call.
TEST(UnknownFunction, IsRefusedInConditions) {
  for (const char* text : {"f(a)",
                           "f(a, :v, b)",
                           "NOT f(a)",
                           "(f(a))",
                           "f(a) AND b = :v",
                           "b = :v OR f(a)",
                           "f(a) = :v",
                           "b = f(a)",
                           "b <> f(a)",
                           "f(a) BETWEEN :v AND :w",
                           "b BETWEEN f(a) AND :w",
                           "b BETWEEN :v AND f(a)",
                           "f(a) IN (:v)",
                           "b IN (:v, f(a))",
                           "size(f(a)) = :v",
                           "contains(b, f(a))",
                           "attribute_exists(f(a))",
                           "f(size(a))",
                           "f(views)",
                           "f(list_append(a, b)) = :v"}) {
    EXPECT_EQ(message_of(parse_condition(text)), "Invalid function name; function: f") << text;
  }
  // Syntax errors are reported first; otherwise the first error in the text.
  EXPECT_EQ(message_of(parse_condition("f(a) AND")),
            "Syntax error; token: \"<EOF>\", near: \"AND\"");
  EXPECT_EQ(message_of(parse_condition("f()")), "Syntax error; token: \")\", near: \"()\"");
  EXPECT_EQ(message_of(parse_condition("f(g(a))")), "Invalid function name; function: f");
  EXPECT_EQ(message_of(parse_condition("size(a) AND f(a)")),
            "The function is not allowed to be used this way in an expression; function: size");
  EXPECT_EQ(message_of(parse_projection("f(a)")), "Syntax error; token: \"(\", near: \"f(a\"");
}

TEST(UnknownFunction, IsRefusedInUpdates) {
  for (const char* text :
       {"SET a = f(b)", "SET a = (f(b))", "SET a = f(b) + :v", "SET a = :v - f(b)",
        "SET a = if_not_exists(f(b), :v)", "SET a = if_not_exists(b, f(c))",
        "SET a = list_append(f(b), :v)", "SET a = list_append(:v, f(b))", "REMOVE c SET a = f(b)",
        "SET a = f(size(b))"}) {
    EXPECT_EQ(message_of(parse_update(text)), "Invalid function name; function: f") << text;
  }
  EXPECT_EQ(message_of(parse_update("SET a = size(f(b))")),
            "The function is not allowed in an update expression; function: size");
}

TEST(UnknownFunction, IsRefusedInEveryParameter) {
  const struct {
    ExpressionParameter parameter;
    const char* name;
  } rows[] = {
      {ExpressionParameter::condition, "ConditionExpression"},
      {ExpressionParameter::filter, "FilterExpression"},
      {ExpressionParameter::key_condition, "KeyConditionExpression"},
  };
  Placeholders none = placeholders_of("", "").value();
  for (const auto& row : rows) {
    EXPECT_EQ(message_of(compile_condition(row.parameter, "f(a)", none)),
              concat("Invalid ", row.name, ": Invalid function name; function: f"));
  }
  EXPECT_EQ(message_of(compile_update("SET a = f(b)", none)),
            "Invalid UpdateExpression: Invalid function name; function: f");
}

TEST(UnknownFunction, IsRefusedInPartiql) {
  const struct {
    const char* text;
    const char* function;
  } rows[] = {
      {"SELECT * FROM t WHERE F(a)", "f at 1:23:1"},
      {"SELECT * FROM t WHERE a = f(b)", "f at 1:27:1"},
      {"SELECT * FROM t WHERE NOT f(a)", "f at 1:27:1"},
      {"SELECT * FROM t WHERE a = 1 AND f(a)", "f at 1:33:1"},
      {"SELECT * FROM t WHERE a IN [1, f(b)]", "f at 1:32:1"},
      {"SELECT * FROM t WHERE a BETWEEN 1 AND f(b)", "f at 1:39:1"},
      {"SELECT * FROM t WHERE size(f(a)) = 1", "f at 1:28:1"},
      {"SELECT * FROM t WHERE f(a) IS MISSING", "f at 1:23:1"},
      {"UPDATE t SET a = f(b) WHERE k = 1", "f at 1:18:1"},
      {"UPDATE t SET a = 1 + f(b) WHERE k = 1", "f at 1:22:1"},
      {"UPDATE t SET a = list_append(a, f(b)) WHERE k = 1", "f at 1:33:1"},
      {"DELETE FROM t WHERE k = f(b)", "f at 1:25:1"},
      // Functions of expressions, or of the other kind of clause.
      {"UPDATE t SET a = if_not_exists(a, 1) WHERE k = 1", "if_not_exists at 1:18:13"},
      {"UPDATE t SET a = size(a) WHERE k = 1", "size at 1:18:4"},
      {"SELECT * FROM t WHERE list_append(a, b)", "list_append at 1:23:11"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(message_of(partiql::parse_statement(row.text, {})),
              concat("Unrecognized function: ", row.function))
        << row.text;
  }
}

}  // namespace
}  // namespace pageturner
