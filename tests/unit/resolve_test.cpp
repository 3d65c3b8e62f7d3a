// Why: placeholders are where most requests go wrong, and everything that can be said of an
// expression before the table is known is said here. Source: guide, "Expression attribute names",
// "Expression attribute values"; the texts are recorded answers of the service.
#include "protocol/expression/resolve.h"

#include <gtest/gtest.h>

#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr const char* values =
    R"({":s":{"S":"s"},":t":{"S":"t"},":n":{"N":"1"},":m":{"N":"2"},":b":{"B":"AA=="},
        ":bool":{"BOOL":true},":null":{"NULL":true},":ss":{"SS":["a"]},":l":{"L":[]},
        ":map":{"M":{}},":type":{"S":"SS"},":odd":{"S":"string"}})";
constexpr const char* names = R"({"#a":"a","#also_a":"a","#dot":"x.y"})";

// What is said of `text` as a FilterExpression.
std::string message(std::string_view text) {
  Placeholders placeholders = placeholders_of(names, values).value();
  return message_of(compile_condition(ExpressionParameter::filter, text, placeholders));
}

TEST(Placeholders, RefusesMapsThatAreNone) {
  const std::string long_name = "#" + std::string(255, 'a');
  const std::string long_value = ":" + std::string(255, 'a');
  const struct {
    std::string names;
    std::string values;
    std::string message;
  } rows[] = {
      {"{}", "", "ExpressionAttributeNames must not be empty"},
      {"", "{}", "ExpressionAttributeValues must not be empty"},
      {R"({"a":"b"})", "",
       R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "a")"},
      {R"({"#":"b"})", "",
       R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "#")"},
      {R"({"#a-b":"b"})", "",
       R"(ExpressionAttributeNames contains invalid key: Syntax error; key: "#a-b")"},
      {R"({"#a":""})", "",
       "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a"},
      {R"({")" + long_name + R"(":"b"})", "",
       "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key "
       "that is too long; size of key: 256"},
      {"", R"({"b":{"S":"a"}})",
       R"(ExpressionAttributeValues contains invalid key: Syntax error; key: "b")"},
      {"", R"({":":{"S":"a"}})",
       R"(ExpressionAttributeValues contains invalid key: Syntax error; key: ":")"},
      {"", R"({")" + long_value + R"(":{"S":"a"}})",
       "ExpressionAttributeValues contains invalid key: The expression attribute map contains a "
       "key that is too long;"},
      {"", R"({":b":{}})",
       "ExpressionAttributeValues contains invalid value: Supplied AttributeValue is empty, must "
       "contain exactly one of the supported datatypes for key :b"},
      {"", R"({":ok":{"S":""},":b":{"N":"b"}})",
       "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a "
       "numeric value: b for key :b"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(message_of(placeholders_of(row.names, row.values)), row.message);
  }
  EXPECT_TRUE(placeholders_of(R"({"#_9":"any name at all"})", R"({":_9":{"S":""}})"));
}

TEST(Placeholders, PutsInWhatTheyStandFor) {
  const auto node =
      condition_of("#a.#dot[0] = :n", R"({":n":{"N":"1.0"}})", R"({"#a":"views","#dot":"x.y"})");
  EXPECT_EQ(to_string(node.operands[0].path), "[views, x.y, [0]]");
  EXPECT_EQ(wire_of(node.operands[1].value), R"({"N":"1"})");
  EXPECT_EQ(to_string(paths_of("b, #a", R"({"#a":"views"})")[1]), "[views]");
}

TEST(Placeholders, RefusesWhatIsNotDefined) {
  EXPECT_EQ(message("#x = :n"),
            "Invalid FilterExpression: An expression attribute name used in the document path is "
            "not defined; attribute name: #x");
  EXPECT_EQ(message("a.#x = :n"),
            "Invalid FilterExpression: An expression attribute name used in the document path is "
            "not defined; attribute name: #x");
  EXPECT_EQ(message("a = :x"),
            "Invalid FilterExpression: An expression attribute value used in expression is not "
            "defined; attribute value: :x");
  Placeholders none = placeholders_of("", "").value();
  EXPECT_EQ(message_of(compile_projection("a, #x", none)),
            "Invalid ProjectionExpression: An expression attribute name used in the document path "
            "is not defined; attribute name: #x");
}

TEST(Placeholders, RefusesWhatNoExpressionUses) {
  const auto unused = [](std::string_view names_json, std::string_view values_json,
                         std::string_view text) {
    Placeholders placeholders = placeholders_of(names_json, values_json).value();
    if (!text.empty()) {
      compile_condition(ExpressionParameter::condition, text, placeholders).value();
    }
    return message_of(placeholders.check_all_used());
  };
  EXPECT_EQ(unused(R"({"#a":"a"})", R"({":v":{"N":"1"}})", "#a = :v"), "(accepted)");
  EXPECT_EQ(unused(R"({"#a":"a","#b":"b"})", R"({":v":{"N":"1"}})", "#a = :v"),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#b}");
  EXPECT_EQ(unused("", R"({":v":{"N":"1"},":w":{"N":"1"}})", "a = :w"),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v}");
  // Names before values.
  EXPECT_EQ(unused(R"({"#a":"a"})", R"({":v":{"N":"1"}})", ""),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}");
  // The order is that of a hash set.
  EXPECT_EQ(unused(R"({"#b":"1","#a":"1","#c":"1"})", "", ""),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#c, #a, #b}");
  EXPECT_EQ(
      unused("", R"({":b":{"N":"1"},":c":{"N":"1"},":aa":{"N":"1"}})", ""),
      "Value provided in ExpressionAttributeValues unused in expressions: keys: {:b, :c, :aa}");
}

TEST(Placeholders, OrdersFourteenUnusedKeysAsTheServiceDoes) {
  std::string json = "{";
  for (int i = 1; i <= 14; ++i) {
    json += (i > 1 ? ",\":v" : "\":v") + std::to_string(i) + R"(":{"N":"1"})";
  }
  const auto placeholders = placeholders_of("", json + "}").value();
  EXPECT_EQ(message_of(placeholders.check_all_used()),
            "Value provided in ExpressionAttributeValues unused in expressions: keys: {:v11, :v12, "
            ":v13, :v14, :v10, :v1, :v2, :v3, :v4, :v5, :v6, :v7, :v8, :v9}");
}

TEST(Resolve, HoldsOperandsToTheirNumberAndTypes) {
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

TEST(Resolve, WantsTheFirstOperandDistinct) {
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

TEST(Resolve, HoldsTheBoundsOfBetweenAgainstEachOther) {
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

TEST(Resolve, LetsTheFirstMistakeInTheTextWin) {
  EXPECT_TRUE(
      message("a = :missing AND begins_with(b, :n)").ends_with("attribute value: :missing"));
  EXPECT_TRUE(message("begins_with(b, :n) AND a = :missing").ends_with("operand type: N"));
}

TEST(Resolve, LimitsOperandsOfIn) {
  std::string list = ":n";
  for (int i = 1; i < 100; ++i) list += ",:n";
  EXPECT_EQ(message("a IN (" + list + ")"), "(accepted)");
  EXPECT_EQ(message("a IN (" + list + ",:n)"),
            "Invalid FilterExpression: The IN operator is provided with too many operands; number "
            "of operands: 101");
}

TEST(Resolve, LimitsTheSizeOfExpressions) {
  const auto size_message = [](ExpressionParameter parameter, std::size_t size) {
    Placeholders placeholders = placeholders_of("", values).value();
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

TEST(Resolve, RefusesProjectionsThatOverlap) {
  Placeholders placeholders = placeholders_of(R"({"#x":"a"})", "").value();
  EXPECT_EQ(message_of(compile_projection("a.b, #x", placeholders)),
            "Invalid ProjectionExpression: Two document paths overlap with each other; must remove "
            "or rewrite one of these paths; path one: [a, b], path two: [a]");
}

// A text that was parsed before stands for what this request's placeholders say, however many texts
// came between.
TEST(Resolve, KnowsATextAgain) {
  constexpr std::string_view text = "#a = :v";
  for (int round = 0; round < 3; ++round) {
    const std::string number = std::to_string(round);
    const ExpressionNode node =
        condition_of(text, R"({":v":{"N":")" + number + R"("}})", R"({"#a":"a)" + number + R"("})");
    EXPECT_EQ(node.operands[0].path.top_level_name(), "a" + number);
    EXPECT_EQ(node.operands[1].value.as<Number>().to_string(), number);
    for (int other = 0; other < 300; ++other) {
      const std::string name = "b" + std::to_string(other);
      const ExpressionNode different = condition_of(name + " = :v", R"({":v":{"N":"1"}})");
      ASSERT_EQ(different.operands[0].path.top_level_name(), name);
    }
  }
}

}  // namespace
}  // namespace pageturner
