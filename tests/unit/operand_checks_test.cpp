// Why: the service refuses operands of a wrong number or type before it reads the item, in texts
// that users search for. Source: guide, "Comparison operator and function reference"; the texts are
// recorded answers of the service.
#include "protocol/expression/operand_checks.h"

#include <gtest/gtest.h>

#include "tests/unit/filter_expression.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

TEST(OperandChecks, RefuseWrongNumbersAndTypes) {
  const std::string number =
      "Invalid FilterExpression: Incorrect number of operands for operator or function; operator "
      "or function: ";
  const std::string type =
      "Invalid FilterExpression: Incorrect operand type for operator or function; operator or "
      "function: ";
  const std::string path =
      "Invalid FilterExpression: Operator or function requires a document path; operator or "
      "function: ";
  const struct {
    const char* text;
    std::string message;
  } rows[] = {
      {"begins_with(a)", number + "begins_with, number of operands: 1"},
      {"contains(a, :s, :t)", number + "contains, number of operands: 3"},
      {"attribute_exists(a, b)", number + "attribute_exists, number of operands: 2"},
      {"size(a, b) = :n", number + "size, number of operands: 2"},
      {"attribute_type(a)", number + "attribute_type, number of operands: 1"},
      {"begins_with(a, :n)", type + "begins_with, operand type: N"},
      {"begins_with(:n, a)", type + "begins_with, operand type: N"},
      {"begins_with(a, size(b))", type + "begins_with, operand type: N"},
      {"size(:n) = :n", type + "size, operand type: N"},
      {"size(size(a)) = :n", type + "size, operand type: N"},
      {"size(:bool) = :n", type + "size, operand type: BOOL"},
      {"size(:s) = :n", "(accepted)"},
      {"a < :bool", type + "<, operand type: BOOL"},
      {"a >= :null", type + ">=, operand type: NULL"},
      {":ss > a", type + ">, operand type: SS"},
      {"a <= :l", type + "<=, operand type: L"},
      {"a BETWEEN :map AND :map", type + "BETWEEN, operand type: M"},
      {"NOT a < :bool", type + "<, operand type: BOOL"},
      {"a = :s OR a < :bool", type + "<, operand type: BOOL"},
      {"a = :bool AND a <> :map AND a IN (:ss, :l) AND contains(a, :null)", "(accepted)"},
      {"attribute_type(a, :n)", type + "attribute_type, operand type: N"},
      {"attribute_type(a, :type)", "(accepted)"},
      {"attribute_type(:n, :type)", "(accepted)"},
      {"attribute_exists(:s)", path + "attribute_exists"},
      {"attribute_not_exists(size(:s))", path + "attribute_not_exists"},
  };
  for (const auto& row : rows) EXPECT_EQ(message(row.text), row.message) << row.text;
  EXPECT_TRUE(message("attribute_type(a, :odd)")
                  .starts_with("Invalid FilterExpression: Invalid attribute type name found; type: "
                               "string, valid types: {"));
}

TEST(OperandChecks, RequireADistinctFirstOperand) {
  const std::string distinct =
      "Invalid FilterExpression: The first operand must be distinct from the remaining operands "
      "for this operator or function; operator: ";
  const struct {
    const char* text;
    std::string message;
  } rows[] = {
      {"a = a", distinct + "=, first operand: [a]"},
      {"a = #a", distinct + "=, first operand: [a]"},
      {"#a <> #also_a", distinct + "<>, first operand: [a]"},
      {"a.b[0] >= a.b[0]", distinct + ">=, first operand: [a, b, [0]]"},
      {"contains(a, a)", distinct + "contains, first operand: [a]"},
      {"begins_with(a, a)", distinct + "begins_with, first operand: [a]"},
      {"a IN (b, a)", distinct + "IN, first operand: [a]"},
      {"a BETWEEN :n AND a", distinct + "BETWEEN, first operand: [a]"},
      {":n > :n", "(accepted)"},
      {"size(a) = size(a)", "(accepted)"},
      {":n BETWEEN a AND a", "(accepted)"},
      {"a.b = a.c", "(accepted)"},
  };
  for (const auto& row : rows) EXPECT_EQ(message(row.text), row.message) << row.text;
}

TEST(OperandChecks, CompareTheBoundsOfBetween) {
  EXPECT_EQ(
      message("a BETWEEN :t AND :s"),
      "Invalid FilterExpression: The BETWEEN operator requires upper bound to be greater than "
      "or equal to lower bound; lower bound operand: AttributeValue: {S:t}, upper bound "
      "operand: AttributeValue: {S:s}");
  EXPECT_EQ(message("a BETWEEN :n AND :s"),
            "Invalid FilterExpression: The BETWEEN operator requires same data type for lower and "
            "upper bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand: "
            "AttributeValue: {S:s}");
  EXPECT_EQ(message("a BETWEEN :n AND :n"), "(accepted)");
  EXPECT_EQ(message("a BETWEEN b AND :n"), "(accepted)");
}

TEST(OperandChecks, LimitTheOperandsOfIn) {
  std::string list = ":n";
  for (int i = 1; i < 100; ++i) list += ",:n";
  EXPECT_EQ(message("a IN (" + list + ")"), "(accepted)");
  EXPECT_EQ(message("a IN (" + list + ",:n)"),
            "Invalid FilterExpression: The IN operator is provided with too many operands; number "
            "of operands: 101");
}

}  // namespace
}  // namespace pageturner
