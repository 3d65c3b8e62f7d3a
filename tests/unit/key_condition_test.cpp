// Why: a Query reads exactly the keys that its condition selects and refuses all other conditions
// with the texts of the service. Source: guide, "Key condition expressions for the Query operation"
// and "Multi-attribute keys in global secondary indexes"; the texts are recorded answers.
#include "protocol/expression/key_condition.h"

#include <gtest/gtest.h>

#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr const char* values_json =
    R"({":p":{"S":"p"},":q":{"S":"q"},":1":{"N":"1"},":2":{"N":"2"},":b":{"B":"AA=="},":e":{"S":""},
        ":eb":{"B":""},":t":{"BOOL":true}})";

const KeySchema hash_only = {{{"pk", ScalarType::s}}, {}};
const KeySchema composite = {{{"pk", ScalarType::s}}, {{"sk", ScalarType::n}}};
const KeySchema text_sort = {{{"pk", ScalarType::s}}, {{"sk", ScalarType::s}}};
const KeySchema binary_sort = {{{"pk", ScalarType::s}}, {{"sk", ScalarType::b}}};
const KeySchema several = {{{"h1", ScalarType::s}, {"h2", ScalarType::n}},
                           {{"r1", ScalarType::s}, {"r2", ScalarType::n}, {"r3", ScalarType::s}}};

Result<std::vector<KeyCondition>> conditions_of(std::string_view text) {
  Placeholders placeholders = placeholders_of("", values_json).value();
  return key_conditions_of(
      compile_condition(ExpressionParameter::key_condition, text, placeholders).value());
}

Result<KeySelection> select(std::string_view text, const KeySchema& schema) {
  PAGETURNER_ASSIGN_OR_RETURN(auto conditions, conditions_of(text));
  return select_keys(conditions, schema);
}

// "p,1|r|between 1 2": partition values, sort values by equality, and the last condition.
std::string format(const KeySelection& selection) {
  constexpr const char* operators[] = {"=", "<", "<=", ">", ">=", "between", "begins_with", "?"};
  std::string text;
  for (const auto& value : selection.partition) text += wire_of(value);
  text += " |";
  for (const auto& value : selection.sort_prefix) text += " " + wire_of(value);
  text += " |";
  if (selection.sort_last) {
    text += " " + selection.sort_last->attribute + " " +
            operators[static_cast<std::size_t>(selection.sort_last->op)];
    for (const auto& value : selection.sort_last->values) text += " " + wire_of(value);
  }
  return text;
}

TEST(KeyCondition, SelectsKeys) {
  const struct {
    const char* text;
    const KeySchema& schema;
    const char* selection;
  } rows[] = {
      {"pk = :p", hash_only, R"({"S":"p"} | |)"},
      {"(pk = :p)", composite, R"({"S":"p"} | |)"},
      {":p = pk", composite, R"({"S":"p"} | |)"},
      {"pk = :p AND sk = :1", composite, R"({"S":"p"} | {"N":"1"} |)"},
      {"sk = :1 AND pk = :p", composite, R"({"S":"p"} | {"N":"1"} |)"},
      {"pk = :p AND sk < :1", composite, R"({"S":"p"} | | sk < {"N":"1"})"},
      {"pk = :p AND sk >= :1", composite, R"({"S":"p"} | | sk >= {"N":"1"})"},
      // The value first.
      {"pk = :p AND :1 < sk", composite, R"({"S":"p"} | | sk > {"N":"1"})"},
      {"pk = :p AND :1 <= sk", composite, R"({"S":"p"} | | sk >= {"N":"1"})"},
      {"pk = :p AND :1 > sk", composite, R"({"S":"p"} | | sk < {"N":"1"})"},
      {"pk = :p AND :1 >= sk", composite, R"({"S":"p"} | | sk <= {"N":"1"})"},
      {"pk = :p AND sk BETWEEN :1 AND :2", composite,
       R"({"S":"p"} | | sk between {"N":"1"} {"N":"2"})"},
      {"(pk = :p) AND (begins_with(sk, :q))", text_sort,
       R"({"S":"p"} | | sk begins_with {"S":"q"})"},
      {"h1 = :p AND h2 = :1", several, R"({"S":"p"}{"N":"1"} | |)"},
      {"r1 < :q AND h2 = :1 AND h1 = :p", several, R"({"S":"p"}{"N":"1"} | | r1 < {"S":"q"})"},
      {"h1 = :p AND h2 = :1 AND r1 = :q AND r2 = :2 AND begins_with(r3, :p)", several,
       R"({"S":"p"}{"N":"1"} | {"S":"q"} {"N":"2"} | r3 begins_with {"S":"p"})"},
  };
  for (const auto& row : rows) {
    const auto selection = select(row.text, row.schema);
    ASSERT_TRUE(selection) << row.text << ": " << selection.error().message;
    EXPECT_EQ(format(*selection), row.selection) << row.text;
  }
}

TEST(KeyCondition, RefusesExpressionsThatAreNone) {
  const std::string invalid = "Invalid operator used in KeyConditionExpression: ";
  const std::string condition = "Invalid condition in KeyConditionExpression: ";
  const struct {
    const char* text;
    std::string message;
  } rows[] = {
      {"pk = :p OR sk = :1", invalid + "OR"},
      {"NOT pk = :p", invalid + "NOT"},
      {"pk IN (:p)", invalid + "IN"},
      {"pk <> :p", invalid + "<>"},
      {"pk = :p AND attribute_exists(sk)", invalid + "attribute_exists"},
      {"pk = :p AND contains(sk, :q)", invalid + "contains"},
      {"pk = :p AND contains(sk, :q) OR sk = :1", invalid + "OR"},
      {"pk = :p AND size(sk) = :1 OR sk = :1", invalid + "OR"},
      {"pk = :p AND :1 BETWEEN sk AND :2",
       condition + "BETWEEN operator must have the key attribute as its first operand"},
      {"pk = :p AND :1 BETWEEN size(sk) AND :2",
       condition + "BETWEEN operator must have the key attribute as its first operand"},
      {"pk = :p AND begins_with(:q, sk)",
       condition + "begins_with operator must have the key attribute as its first operand"},
      {"pk = :p AND size(sk) = :1", "KeyConditionExpressions cannot contain nested operations"},
      {"pk = sk", condition + "Multiple attribute names used in one condition"},
      {"pk BETWEEN sk AND size(sk)", condition + "Multiple attribute names used in one condition"},
      {"pk > sk.a", condition + "Multiple attribute names used in one condition"},
      {"begins_with(pk, sk)", condition + "Multiple attribute names used in one condition"},
      {":1 < :2", condition + "No key attribute specified"},
      {"pk.a = :p",
       "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested "
       "attributes"},
      {"pk.a = sk",
       "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested "
       "attributes"},
      {"pk = :p AND sk[0] = :1",
       "Invalid KeyConditionExpression: KeyConditionExpressions cannot have conditions on nested "
       "attributes"},
      {"pk = :p AND sk > :1 AND sk < :2",
       "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition "
       "per key"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(message_of(conditions_of(row.text)), row.message) << row.text;
  }
}

TEST(KeyCondition, RefusesConditionsThatDoNotFitTheSchema) {
  const std::string missed = "Query condition missed key schema element: ";
  const std::string type =
      "One or more parameter values were invalid: Condition parameter type does not match schema "
      "type";
  const std::string empty =
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
      "contain an empty ";
  const struct {
    const char* text;
    const KeySchema& schema;
    std::string message;
  } rows[] = {
      {"sk = :1", composite, missed + "pk"},
      {"extra = :1", hash_only, missed + "pk"},
      {"pk = :p AND extra = :q", composite, missed + "sk"},
      {"pk = :p AND extra = :q", hash_only, "Query key condition not supported"},
      {"pk < :p", hash_only, "Query key condition not supported"},
      {"begins_with(pk, :p) AND sk = :1", composite, "Query key condition not supported"},
      {"pk = :p AND sk = :1 AND extra = :q", composite,
       "The number of query conditions (3) exceeds the number of key attributes defined in the "
       "schema (2)"},
      {"x = :p AND y = :q", hash_only, "Query key condition not supported"},
      {"pk = :1", hash_only, type},
      {"pk < :1", hash_only, type},
      {"pk = :t", hash_only, type},
      {"pk = :p AND sk = :q", composite, type},
      {"pk = :p AND begins_with(sk, :q)", composite, type},
      {"pk = :p AND sk BETWEEN :1 AND :2", text_sort, type},
      {"pk = :e", hash_only, empty + "string value. Key: pk"},
      {"pk = :p AND sk > :e", text_sort, empty + "string value. Key: sk"},
      {"pk = :p AND sk > :eb", binary_sort, empty + "binary value. Key: sk"},
      {"h1 = :p", several, missed + "h2"},
      {"h1 = :p AND h2 > :1", several, "Query key condition not supported"},
      {"h1 = :p AND h2 = :1 AND r1 = :q AND r3 = :q", several,
       "RANGE key attributes r2 must have equality conditions specified in the query because a "
       "condition is present on key attribute r3"},
      {"h1 = :p AND h2 = :1 AND r1 < :q AND r2 = :1", several,
       "RANGE key attributes r1 must have equality conditions specified in the query because a "
       "condition is present on key attribute r2"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(message_of(select(row.text, row.schema)), row.message) << row.text;
  }
}

TEST(KeyCondition, RefusesOperatorsNoIndexHas) {
  std::vector<KeyCondition> conditions = {
      {"pk", KeyOperator::equal, {value_of(R"({"S":"p"})")}},
      {"sk", KeyOperator::not_indexable, {value_of(R"({"N":"1"})")}}};
  EXPECT_EQ(message_of(select_keys(conditions, composite)),
            "Attempted conditional constraint is not an indexable operation");
}

TEST(KeyCondition, IsSatisfiedByTheValuesItSelects) {
  const auto number = [](int value) {
    return AttributeValue{Number::parse(std::to_string(value)).value()};
  };
  const struct {
    KeyOperator op;
    std::vector<SharedValue> values;
    std::string satisfied;  // by 1, 2, 3, 4 in turn
  } rows[] = {
      {KeyOperator::equal, {number(2)}, "nynn"},
      {KeyOperator::less, {number(2)}, "ynnn"},
      {KeyOperator::less_or_equal, {number(2)}, "yynn"},
      {KeyOperator::greater, {number(2)}, "nnyy"},
      {KeyOperator::greater_or_equal, {number(2)}, "nyyy"},
      {KeyOperator::between, {number(2), number(3)}, "nyyn"},
  };
  for (const auto& row : rows) {
    std::string satisfied;
    for (int i = 1; i <= 4; ++i) {
      satisfied += satisfies(number(i), {"sk", row.op, row.values}) ? 'y' : 'n';
    }
    EXPECT_EQ(satisfied, row.satisfied) << static_cast<int>(row.op);
  }
  const KeyCondition prefix = {"sk", KeyOperator::begins_with, {value_of(R"({"S":"ab"})")}};
  EXPECT_TRUE(satisfies(value_of(R"({"S":"abc"})"), prefix));
  EXPECT_FALSE(satisfies(value_of(R"({"S":"a"})"), prefix));
}

}  // namespace
}  // namespace pageturner
