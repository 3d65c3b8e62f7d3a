// Why: old programs still send these parameters; each must have the effect of the expression that
// replaced it. Source: guide, "Legacy conditional parameters"; texts and answers for absent
// attributes are recorded.
#include "protocol/expression/legacy.h"

#include <gtest/gtest.h>

#include "protocol/expression/condition.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

constexpr const char* item_json = R"({"n":{"N":"5"},"s":{"S":"abc"},"nil":{"NULL":true},
  "ss":{"SS":["a","b"]},"yes":{"BOOL":true},"l":{"L":[{"S":"x"}]}})";

// Keeps the document alive while `parse` reads it.
template <class Parse>
auto parsed(Parse parse, std::string_view json) {
  const auto document = JsonDocument::parse(json);
  return parse(document.value().root());
}

Result<std::optional<ExpressionNode>> filter(std::string_view json, std::string_view op = "") {
  return parsed([op](JsonValue value) { return parse_filter(value, op); }, json);
}
Result<std::optional<ExpressionNode>> expected(std::string_view json, std::string_view op = "") {
  return parsed([op](JsonValue value) { return parse_expected(value, op); }, json);
}

bool is_true_for_item(const Result<std::optional<ExpressionNode>>& node) {
  return evaluate_condition(*node.value(), ItemSource(item_of(item_json)));
}

// {"attribute":{"ComparisonOperator":"op","AttributeValueList":[values]}}
std::string condition(std::string_view attribute, std::string_view op, std::string_view values) {
  std::string json = "{\"";
  json.append(attribute).append(R"(":{"ComparisonOperator":")").append(op);
  return json.append(R"(","AttributeValueList":[)").append(values).append("]}}");
}

TEST(LegacyFilter, MeansWhatItsOperatorSays) {
  const struct {
    const char* attribute;
    const char* op;
    const char* values;
    bool holds;
  } rows[] = {
      {"n", "EQ", R"({"N":"5.0"})", true},
      {"n", "EQ", R"({"S":"5"})", false},
      {"yes", "EQ", R"({"BOOL":true})", true},
      {"ss", "EQ", R"({"SS":["b","a"]})", true},
      {"gone", "EQ", R"({"N":"5"})", false},
      {"n", "NE", R"({"N":"6"})", true},
      {"n", "NE", R"({"S":"5"})", true},
      {"gone", "NE", R"({"N":"5"})", true},
      {"n", "LT", R"({"N":"6"})", true},
      {"n", "LT", R"({"N":"5"})", false},
      {"n", "LE", R"({"N":"5"})", true},
      {"n", "GT", R"({"N":"4"})", true},
      {"n", "GE", R"({"N":"5"})", true},
      {"n", "GE", R"({"S":"1"})", false},
      {"gone", "GE", R"({"N":"1"})", false},
      {"n", "BETWEEN", R"({"N":"5"},{"N":"6"})", true},
      {"n", "BETWEEN", R"({"N":"6"},{"N":"7"})", false},
      {"s", "IN", R"({"S":"x"},{"S":"abc"})", true},
      {"s", "IN", R"({"S":"x"})", false},
      {"nil", "NOT_NULL", "", true},  // present, of any type
      {"gone", "NOT_NULL", "", false},
      {"gone", "NULL", "", true},
      {"nil", "NULL", "", false},
      {"s", "CONTAINS", R"({"S":"bc"})", true},
      {"ss", "CONTAINS", R"({"S":"a"})", true},
      {"l", "CONTAINS", R"({"S":"x"})", true},
      {"ss", "CONTAINS", R"({"S":"c"})", false},
      {"s", "NOT_CONTAINS", R"({"S":"x"})", true},
      {"s", "NOT_CONTAINS", R"({"S":"b"})", false},
      {"gone", "NOT_CONTAINS", R"({"S":"b"})", false},
      {"s", "BEGINS_WITH", R"({"S":"ab"})", true},
      {"s", "BEGINS_WITH", R"({"S":"b"})", false},
  };
  for (const auto& row : rows) {
    const auto node = filter(condition(row.attribute, row.op, row.values));
    ASSERT_TRUE(node) << node.error().message;
    EXPECT_EQ(is_true_for_item(node), row.holds) << row.attribute << " " << row.op << row.values;
  }
}

TEST(LegacyFilter, JoinsByTheConditionalOperator) {
  const std::string json = R"({
    "n":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"5"}]},
    "s":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"other"}]}})";
  EXPECT_FALSE(is_true_for_item(filter(json)));
  EXPECT_FALSE(is_true_for_item(filter(json, "AND")));
  EXPECT_TRUE(is_true_for_item(filter(json, "OR")));
  EXPECT_FALSE(filter("{}").value());
}

TEST(LegacyFilter, TakesANameWithADotForOneName) {
  const auto node = filter(condition("a.b", "NOT_NULL", "")).value();
  EXPECT_TRUE(evaluate_condition(*node, ItemSource(item_of(R"({"a.b":{"S":"x"}})"))));
  EXPECT_FALSE(evaluate_condition(*node, ItemSource(item_of(R"({"a":{"M":{"b":{"S":"x"}}}})"))));
}

TEST(LegacyFilter, HoldsValuesToNumberAndType) {
  const std::string invalid = "One or more parameter values were invalid: ";
  const struct {
    const char* op;
    const char* values;
    std::string message;
  } rows[] = {
      {"EQ", "", invalid + "Invalid number of argument(s) for the EQ ComparisonOperator"},
      {"EQ", R"({"N":"1"},{"N":"2"})",
       invalid + "Invalid number of argument(s) for the EQ ComparisonOperator"},
      {"NULL", R"({"N":"1"})",
       invalid + "Invalid number of argument(s) for the NULL ComparisonOperator"},
      {"BETWEEN", R"({"N":"1"})",
       invalid + "Invalid number of argument(s) for the BETWEEN ComparisonOperator"},
      {"IN", "", invalid + "Invalid number of argument(s) for the IN ComparisonOperator"},
      {"LT", R"({"BOOL":true})",
       invalid + "ComparisonOperator LT is not valid for BOOL AttributeValue type"},
      {"GE", R"({"SS":["a"]})",
       invalid + "ComparisonOperator GE is not valid for SS AttributeValue type"},
      {"IN", R"({"L":[]})",
       invalid + "ComparisonOperator IN is not valid for L AttributeValue type"},
      {"CONTAINS", R"({"SS":["a"]})",
       invalid + "ComparisonOperator CONTAINS is not valid for SS AttributeValue type"},
      {"BEGINS_WITH", R"({"N":"1"})",
       invalid + "ComparisonOperator BEGINS_WITH is not valid for N AttributeValue type"},
      {"IN", R"({"N":"1"},{"S":"1"})",
       invalid + "AttributeValues inside AttributeValueList must be of same type"},
      {"BETWEEN", R"({"N":"2"},{"N":"1"})",
       "The BETWEEN condition was provided a range where the lower bound is greater than the upper "
       "bound"},
      {"EQ", R"({"N":"x"})", "The parameter cannot be converted to a numeric value: x"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(message_of(filter(condition("a", row.op, row.values))), row.message) << row.values;
  }
}

TEST(LegacyExpected, MeansWhatItSays) {
  const struct {
    const char* json;
    bool holds;
  } rows[] = {
      {R"({"n":{"Value":{"N":"5"}}})", true},
      {R"({"n":{"Value":{"N":"6"}}})", false},
      {R"({"n":{"Exists":true,"Value":{"N":"5"}}})", true},
      {R"({"n":{"Exists":"true","Value":{"N":"5"}}})", true},
      {R"({"gone":{"Exists":false}})", true},
      {R"({"n":{"Exists":false}})", false},
      {R"({"n":{"ComparisonOperator":"GT","Value":{"N":"4"}}})", true},
      {R"({"n":{"ComparisonOperator":"GT","AttributeValueList":[{"N":"4"}]}})", true},
      {R"({"gone":{"ComparisonOperator":"NULL"}})", true},
      {R"({"n":{"Value":{"N":"5"}},"gone":{"Exists":false}})", true},
      {R"({"n":{"Value":{"N":"5"}},"s":{"Exists":false}})", false},
  };
  for (const auto& row : rows) {
    const auto node = expected(row.json);
    ASSERT_TRUE(node) << row.json << ": " << node.error().message;
    EXPECT_EQ(is_true_for_item(node), row.holds) << row.json;
  }
}

TEST(LegacyExpected, RefusesWhatDoesNotGoTogether) {
  const std::string invalid = "One or more parameter values were invalid: ";
  const struct {
    const char* json;
    std::string message;
  } rows[] = {
      {"{\"a\":{}}", "Value must be provided when Exists is null for Attribute: a"},
      {R"({"a":{"Exists":true}})", "Value must be provided when Exists is true for Attribute: a"},
      {R"({"a":{"Exists":false,"Value":{"N":"1"}}})",
       "Value cannot be used when Exists is false for Attribute: a"},
      {R"({"a":{"ComparisonOperator":"EQ"}})",
       "Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a"},
      {R"({"a":{"ComparisonOperator":"EQ","Exists":true,"Value":{"N":"1"}}})",
       "Exists and ComparisonOperator cannot be used together for Attribute: a"},
      {R"({"a":{"ComparisonOperator":"EQ","AttributeValueList":[{"N":"1"}],"Value":{"N":"1"}}})",
       "Value and AttributeValueList cannot be used together for Attribute: a"},
      {R"({"a":{"AttributeValueList":[{"N":"1"}]}})",
       "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"},
  };
  for (const auto& row : rows) EXPECT_EQ(message_of(expected(row.json)), invalid + row.message);
}

TEST(LegacyKeyConditions, BecomeKeyConditions) {
  const auto conditions = parsed(parse_key_conditions, R"({
      "pk":{"ComparisonOperator":"EQ","AttributeValueList":[{"S":"p"}]},
      "sk":{"ComparisonOperator":"BETWEEN","AttributeValueList":[{"N":"1"},{"N":"2"}]}})")
                              .value();
  ASSERT_EQ(conditions.size(), 2u);
  EXPECT_EQ(conditions[0].attribute, "pk");
  EXPECT_EQ(conditions[0].op, KeyOperator::equal);
  EXPECT_EQ(conditions[1].op, KeyOperator::between);
  ASSERT_EQ(conditions[1].values.size(), 2u);
  EXPECT_EQ(wire_of(conditions[1].values[1]), R"({"N":"2"})");
  const auto odd = parsed(parse_key_conditions, condition("pk", "NE", R"({"S":"p"})")).value();
  EXPECT_EQ(odd[0].op, KeyOperator::not_indexable);
  EXPECT_EQ(message_of(parsed(parse_key_conditions, "{}")),
            "Conditions can be of length 1 or 2 only");
}

TEST(LegacyParameters, RefuseNamesThatNoAttributeHas) {
  const std::string too_long =
      "One or more parameter values were invalid: Attribute name is too large, must be less than "
      "65536 bytes";
  const struct {
    std::string name;
    std::string message;
  } rows[] = {{"", "Empty attribute name"},
              {std::string(65'535, 'x'), "(accepted)"},
              {std::string(65'536, 'x'), too_long}};
  for (const auto& row : rows) {
    const std::string conditions = condition(row.name, "EQ", R"({"N":"1"})");
    const std::string updates = "{\"" + row.name + R"(":{"Action":"DELETE"}})";
    EXPECT_EQ(message_of(filter(conditions)), row.message);
    EXPECT_EQ(message_of(expected(conditions)), row.message);
    EXPECT_EQ(message_of(parsed(parse_key_conditions, conditions)), row.message);
    EXPECT_EQ(message_of(parsed(parse_attribute_updates, updates)), row.message);
    EXPECT_EQ(message_of(parsed(parse_attributes_to_get, "[\"" + row.name + "\"]")), row.message);
  }
}

TEST(LegacyAttributesToGet, TakesNamesAsTheyAre) {
  const auto document = JsonDocument::parse(R"(["a.b","views","c[0]"])").value();
  const auto names = parse_attributes_to_get(document.root()).value();
  EXPECT_EQ(names, (std::vector<std::string_view>{"a.b", "views", "c[0]"}));
  EXPECT_EQ(message_of(parsed(parse_attributes_to_get, R"(["a","b","a"])")),
            "One or more parameter values were invalid: Duplicate value in attribute name: a");
  // The first error is reported: the first repetition, or an invalid name before it.
  EXPECT_EQ(message_of(parsed(parse_attributes_to_get, R"(["a","b","b","a",""])")),
            "One or more parameter values were invalid: Duplicate value in attribute name: b");
  EXPECT_EQ(message_of(parsed(parse_attributes_to_get, R"(["a","","a"])")), "Empty attribute name");
}

TEST(LegacyConditionalOperator, NeedsConditionsToJoin) {
  const auto checked = [](std::string_view json) {
    const auto document = JsonDocument::parse(json).value();
    return message_of(check_conditional_operator(document.root().find("ConditionalOperator"),
                                                 document.root().find("Expected")));
  };
  EXPECT_EQ(checked("{}"), "(accepted)");
  EXPECT_EQ(checked(R"({"ConditionalOperator":"OR","Expected":{"a":{},"b":{}}})"), "(accepted)");
  for (const char* json :
       {R"({"ConditionalOperator":"OR"})", R"({"ConditionalOperator":"AND","Expected":{}})"}) {
    EXPECT_EQ(checked(json), "ConditionalOperator cannot be used without Filter or Expected");
  }
  EXPECT_EQ(
      checked(R"({"ConditionalOperator":"OR","Expected":{"a":{}}})"),
      "ConditionalOperator can only be used when Filter or Expected has two or more elements");
}

// A request can have as many conditions as fit into 16 MB; functions that walk the tree must not
// recurse once for each.
TEST(LegacyFilter, TakesManyConditions) {
  std::string json = "{";
  for (int i = 0; i < 50'000; ++i) {
    if (i > 0) json += ',';
    json += "\"a" + std::to_string(i) + R"(":{"ComparisonOperator":"NULL"})";
  }
  EXPECT_TRUE(is_true_for_item(filter(json + "}")));
  EXPECT_FALSE(is_true_for_item(filter(json + R"(,"n":{"ComparisonOperator":"NULL"}})")));
  EXPECT_TRUE(is_true_for_item(filter(json + R"(,"n":{"ComparisonOperator":"NULL"}})", "OR")));
}

}  // namespace
}  // namespace pageturner
