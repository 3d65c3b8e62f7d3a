// Why: most invalid requests have invalid placeholders, and users search for the texts of these
// errors. Source: guide, "Expression attribute names", "Expression attribute values"; the texts are
// recorded answers of the service.
#include "protocol/expression/placeholders.h"

#include <gtest/gtest.h>

#include "tests/unit/filter_expression.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

TEST(Placeholders, RefusesInvalidMaps) {
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
      {R"({"#a":")" + std::string(65'536, 'x') + R"("})", "",
       "ExpressionAttributeNames contains invalid value: One or more parameter values were "
       "invalid: Attribute name is too large, must be less than 65536 bytes for key #a"},
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
      {"", R"({":b":{},"c":{"S":"a"}})",
       R"(ExpressionAttributeValues contains invalid key: Syntax error; key: "c")"},
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

TEST(Placeholders, ReplacesNamesAndValues) {
  const auto node =
      condition_of("#a.#dot[0] = :n", R"({":n":{"N":"1.0"}})", R"({"#a":"views","#dot":"x.y"})");
  EXPECT_EQ(to_string(node.operands[0].path), "[views, x.y, [0]]");
  EXPECT_EQ(wire_of(node.operands[1].value), R"({"N":"1"})");
  EXPECT_EQ(to_string(paths_of("b, #a", R"({"#a":"views"})")[1]), "[views]");
}

TEST(Placeholders, RefusesUndefinedOnes) {
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

TEST(Placeholders, RefusesUnusedOnes) {
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
  // In the order of a hash set.
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

// More than a few entries are looked up by their hashes.
TEST(Placeholders, FindsEachOfMany) {
  std::string json = "{\"#last\":\"last\"";
  std::string text = "#n0";
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    json += ",\"#n" + number + "\":\"a" + number + '"';
    if (i > 0) text += ", #n" + number;
  }
  Placeholders placeholders = placeholders_of(json + "}", "").value();
  const auto paths = compile_projection(text, placeholders).value();
  ASSERT_EQ(paths.size(), 40U);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    EXPECT_EQ(paths[i].top_level_name(), "a" + std::to_string(i));
  }
  EXPECT_EQ(message_of(compile_projection("#n40", placeholders)),
            "Invalid ProjectionExpression: An expression attribute name used in the document path "
            "is not defined; attribute name: #n40");
  EXPECT_EQ(message_of(placeholders.check_all_used()),
            "Value provided in ExpressionAttributeNames unused in expressions: keys: {#last}");
}

// 16 MB of a request would become hundreds of MB of a message.
TEST(Placeholders, CutsOffTheUnusedKeysInAMessage) {
  std::string json = R"({"#a":"a")";
  for (int i = 0; i < 200'000; ++i) json += ",\"#name" + std::to_string(i) + R"(":"a")";
  const std::string message = message_of(placeholders_of(json + "}", "").value().check_all_used());
  EXPECT_LT(message.size(), 1'100'000U);
  EXPECT_TRUE(message.ends_with(", ...}")) << message.substr(message.size() - 20);
}

}  // namespace
}  // namespace pageturner
