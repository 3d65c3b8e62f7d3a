// Validation of requests against shapes: JSON types, then constraints. Clients' tests compare the
// messages word for word. Source: recorded answers of the service.
#include "protocol/model/shape.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "protocol/model/shape_parts.h"
#include "protocol/model/shapes.h"
#include "protocol/text.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

using Kind = Shape::Kind;

// A model of our own, which has each rule once.
const Shape text{.kind = Kind::string};
const Shape short_text{.kind = Kind::string, .min = 2, .max = 4};
const Shape name{.kind = Kind::string, .min = 3, .max = 255, .pattern = &shapes::name_pattern};
std::string_view part_after_colon(std::string_view value) {
  return value.substr(value.rfind(':') + 1);
}
const Shape prefixed_name{.kind = Kind::string,
                          .min = 3,
                          .max = 255,
                          .pattern = &shapes::name_pattern,
                          .constrained_part = part_after_colon};
const Shape color{.kind = Kind::string, .enum_values = {"RED", "GREEN"}};
const Shape count{.kind = Kind::integer, .min = 1, .max = 10};
const Shape big{.kind = Kind::long_integer};
const Shape boolean{.kind = Kind::boolean};
const Shape bytes{.kind = Kind::blob};
const Shape part{.kind = Kind::structure,
                 .name = "Part",
                 .members = {{"Color", &color, true}, {"Size", &count}}};
const Shape parts{.kind = Kind::list, .min = 1, .max = 3, .element = &part};
const Shape texts{.kind = Kind::list, .element = &text};
const Shape part_map{.kind = Kind::map, .element = &part};
const Shape keyed{.kind = Kind::map, .min = 1, .max = 2, .key = &name, .element = &parts};
const Shape input{.kind = Kind::structure,
                  .name = "Input",
                  .members = {{"Text", &text},
                              {"Short", &short_text},
                              {"Name", &name},
                              {"Prefixed", &prefixed_name},
                              {"Color", &color},
                              {"Count", &count},
                              {"Big", &big},
                              {"Flag", &boolean},
                              {"Bytes", &bytes},
                              {"Part", &part},
                              {"Parts", &parts},
                              {"Texts", &texts},
                              {"PartMap", &part_map},
                              {"Keyed", &keyed}}};

std::string types_message(std::string_view json) {
  const auto document = JsonDocument::parse(json).value();
  const auto checked = check_types(document.root(), input);
  if (!checked) {
    EXPECT_EQ(checked.error().type, ErrorType::serialization) << json;
  }
  return message_of(checked);
}

std::string constraints_message(std::string_view json, const Shape& shape = input) {
  const auto document = JsonDocument::parse(json).value();
  const auto checked = check_constraints(document.root(), shape);
  if (!checked) {
    EXPECT_EQ(checked.error().type, ErrorType::validation) << json;
  }
  return message_of(checked);
}

TEST(ShapeTypes, AcceptsConformingJson) {
  for (const char* json :
       {"{}", R"({"Text":null,"Parts":null,"Part":null})", R"({"Unknown":[{"a":1}]})",
        R"({"Text":"","Count":1,"Big":2.5,"Flag":true,"Bytes":"AAA=","Part":{"Color":"x"}})",
        R"({"Flag":"TRUE","Parts":[{},null],"PartMap":{"a":{"Size":1}},"Keyed":{"k":[{}]}})"}) {
    EXPECT_EQ(types_message(json), "(accepted)") << json;
  }
}

TEST(ShapeTypes, ReportsTheFirstWrongType) {
  const struct {
    const char* json;
    const char* message;
  } rows[] = {
      {"[]", ""},
      {"1", ""},
      {R"({"Text":1})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"Text":1.5})", "DECIMAL_VALUE cannot be converted to String"},
      {R"({"Text":true})", "TRUE_VALUE cannot be converted to String"},
      {R"({"Text":false})", "FALSE_VALUE cannot be converted to String"},
      {R"({"Text":[]})", "Unrecognized collection type class java.lang.String"},
      {R"({"Text":{}})", "Start of structure or map found where not expected"},
      {R"({"Count":"1"})", "STRING_VALUE cannot be converted to Integer"},
      {R"({"Count":true})", "TRUE_VALUE cannot be converted to Integer"},
      {R"({"Big":"1"})", "STRING_VALUE cannot be converted to Long"},
      {R"({"Flag":1})", "NUMBER_VALUE cannot be converted to Boolean"},
      {R"({"Flag":"yes"})", "Unexpected token received from parser"},
      {R"({"Bytes":1})", "only base-64-encoded strings are convertible to bytes"},
      {R"({"Bytes":"AAAAA"})",
       "Base64 encoded length is expected a multiple of 4 bytes but found: 5"},
      {R"({"Bytes":"AB=="})", "Invalid last non-pad Base64 character dectected"},
      {R"({"Part":"a"})", "Unexpected field type"},
      {R"({"Part":[]})",
       "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.Part"},
      {R"({"Parts":"a"})", "Unexpected field type"},
      {R"({"Parts":{}})", "Start of structure or map found where not expected"},
      {R"({"Parts":["a"]})", "Unexpected value type in payload"},
      {R"({"Texts":[1]})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"PartMap":[]})",
       "Unrecognized collection type java.util.Map<java.lang.String, "
       "com.amazonaws.dynamodb.v20120810.Part>"},
      {R"({"PartMap":{"a":"b"}})", "Unexpected value type in payload"},
      {R"({"Part":{"Size":"1"}})", "STRING_VALUE cannot be converted to Integer"},
      // The first in the order of the text.
      {R"({"Text":1,"Count":"1"})", "NUMBER_VALUE cannot be converted to String"},
      {R"({"Count":"1","Text":1})", "STRING_VALUE cannot be converted to Integer"},
  };
  for (const auto& row : rows) EXPECT_EQ(types_message(row.json), row.message) << row.json;
}

TEST(ShapeConstraints, EchoesValueAndPath) {
  const std::string one = "1 validation error detected: Value ";
  const std::string must = " failed to satisfy constraint: Member must ";
  const struct {
    const char* json;
    std::string message;
  } rows[] = {
      {"{}", "(accepted)"},
      {R"({"Short":"ab","Name":"a-1","Color":"RED","Count":10})", "(accepted)"},
      {R"({"Short":"a"})",
       one + "'a' at 'short'" + must + "have length greater than or equal to 2"},
      {R"({"Short":"abcde"})",
       one + "'abcde' at 'short'" + must + "have length less than or equal to 4"},
      {R"({"Name":"a b"})",
       one + "'a b' at 'name'" + must + "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
      {R"({"Color":"BLUE"})",
       one + "'BLUE' at 'color'" + must + "satisfy enum value set: [RED, GREEN]"},
      {R"({"Count":0})", one + "'0' at 'count'" + must + "have value greater than or equal to 1"},
      {R"({"Count":11})", one + "'11' at 'count'" + must + "have value less than or equal to 10"},
      {R"({"Part":{}})", one + "null at 'part.color'" + must + "not be null"},
      {R"({"Part":{"Color":null}})", one + "null at 'part.color'" + must + "not be null"},
      {R"({"Parts":[]})",
       one + "'[]' at 'parts'" + must + "have length greater than or equal to 1"},
      {R"({"Parts":[{"Color":"RED"},{"Color":"x"}]})",
       one + "'x' at 'parts.2.member.color'" + must + "satisfy enum value set: [RED, GREEN]"},
      {R"({"PartMap":{"k":{"Color":"RED","Size":0}}})",
       one + "'0' at 'partMap.k.member.size'" + must + "have value greater than or equal to 1"},
      {R"({"Keyed":{}})",
       one + "'{}' at 'keyed'" + must + "have length greater than or equal to 1"},
      {R"({"Keyed":{"abc":[{"Color":"x"}]}})", one + "'x' at 'keyed.abc.member.1.member.color'" +
                                                   must + "satisfy enum value set: [RED, GREEN]"},
  };
  for (const auto& row : rows) EXPECT_EQ(constraints_message(row.json), row.message) << row.json;
}

TEST(ShapeConstraints, EchoesDocumentsAsTheServiceDoes) {
  EXPECT_EQ(
      constraints_message(R"({"Parts":[{"Color":"RED"},{"Color":"GREEN","Size":3},{"Color":"RED"},
                                            {"Color":"RED"}]})"),
      "1 validation error detected: Value '[Part(color=RED, size=null), Part(color=GREEN, "
      "size=3), Part(color=RED, size=null), Part(color=RED, size=null)]' at 'parts' failed to "
      "satisfy constraint: Member must have length less than or equal to 3");
  EXPECT_EQ(constraints_message(R"({"Keyed":{"no":[{"Color":"RED"}]}})"),
            "1 validation error detected: Value '{no=[Part(color=RED, size=null)]}' at 'keyed' "
            "failed to satisfy constraint: Map keys must satisfy constraint: [Member must have "
            "length less than or equal to 255, Member must have length greater than or equal to 3, "
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+]");
  EXPECT_EQ(
      constraints_message(R"({"Keyed":{"yes":[]}})"),
      "1 validation error detected: Value '{yes=[]}' at 'keyed' failed to satisfy constraint: "
      "Map value must satisfy constraint: [Member must have length less than or equal to 3, "
      "Member must have length greater than or equal to 1]");
}

// 16 MB of {} in a request would become hundreds of MB of a message.
TEST(ShapeConstraints, CutsOffLargeEchoes) {
  constexpr std::size_t count_max = 500'000;
  std::string many = R"([{"Color":"x"})";
  for (std::size_t i = 1; i < count_max; ++i) many += ",{}";
  many += ']';
  const std::string long_name(3'000'000, '"');
  std::string escaped_name;
  append_json_string(escaped_name, long_name);
  const struct {
    std::string json;
    std::string cut;  // the end of the echo
  } rows[] = {
      {concat(R"({"Parts":)", many, '}'), "Part(color=null, size=null), ...]' at 'parts'"},
      {concat(R"({"Keyed":{"yes":)", many, "}}"), "Part(color=null, size=null), ...]}' at 'keyed'"},
      {concat(R"({"Short":)", escaped_name, '}'), "\"\"\"...' at 'short'"},
      {concat(R"({"Keyed":{)", escaped_name, R"(:[{"Color":"x"}]}})"),
       "\"\"\"...=[...]}' at 'keyed'"},
  };
  for (const auto& row : rows) {
    const std::string message = constraints_message(row.json);
    EXPECT_LT(message.size(), 4'000'000U) << row.cut;
    EXPECT_NE(message.find(row.cut), message.npos) << row.cut;
  }
  // No character is cut in two.
  std::string umlauts = "a";
  for (int i = 0; i < 600'000; ++i) umlauts += "ä";
  const std::string message = constraints_message(concat(R"({"Short":")", umlauts, "\"}"));
  EXPECT_NE(message.find("ä...' at 'short'"), message.npos);
}

TEST(ShapeConstraints, CollectsViolationsInTheOrderOfTheModel) {
  EXPECT_EQ(
      constraints_message(R"({"Count":0,"Name":"?","Short":"x"})"),
      "4 validation errors detected: Value 'x' at 'short' failed to satisfy constraint: Member "
      "must have length greater than or equal to 2; Value '?' at 'name' failed to satisfy "
      "constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '?' "
      "at 'name' failed to satisfy constraint: Member must have length greater than or equal "
      "to 3; Value '0' at 'count' failed to satisfy constraint: Member must have value greater "
      "than or equal to 1");
}

TEST(ShapeConstraints, ListsAtMostTenViolations) {
  const Shape many{.kind = Kind::list, .element = &color};
  const Shape outer{.kind = Kind::structure, .name = "Outer", .members = {{"Colors", &many}}};
  const auto violations = [&](int count_of_them) {
    std::string json = R"({"Colors":["x")";
    for (int i = 1; i < count_of_them; ++i) json += R"(,"x")";
    return constraints_message(json + "]}", outer);
  };
  EXPECT_TRUE(violations(9).starts_with("9 validation errors detected: "));
  EXPECT_TRUE(violations(10).starts_with("10 validation errors detected: "));
  EXPECT_EQ(violations(12), violations(10));
}

// Checks `shape` and all shapes that it refers to; it may refer to itself.
void expect_unconstrained(const Shape* shape, std::set<const Shape*>& seen) {
  if (shape == nullptr || !seen.insert(shape).second) return;
  EXPECT_FALSE(shape->min || shape->max || shape->pattern != nullptr || shape->key != nullptr);
  EXPECT_TRUE(shape->enum_values.empty());
  expect_unconstrained(shape->element, seen);
  for (const ShapeMember& member : shape->members) {
    EXPECT_FALSE(member.required) << member.name;
    expect_unconstrained(member.shape, seen);
  }
}

TEST(ShapeConstraints, UnconstrainedShapesHaveNone) {
  for (const ShapeMember& member : shapes::put_item_input.members) {
    if (member.name != "Item") continue;
    EXPECT_TRUE(member.shape->is_unconstrained);
    std::set<const Shape*> seen;
    expect_unconstrained(member.shape, seen);
    EXPECT_GT(seen.size(), 5u);
  }
}

TEST(ShapeConstraints, AppliesToTheConstrainedPartOnly) {
  EXPECT_EQ(constraints_message(R"({"Prefixed":"a?:abc"})"), "(accepted)");
  EXPECT_NE(constraints_message(R"({"Name":"a?:abc"})"), "(accepted)");
  EXPECT_EQ(constraints_message(R"({"Prefixed":"abc:ab"})"),
            "1 validation error detected: Value 'abc:ab' at 'prefixed' failed to satisfy "
            "constraint: Member must have length greater than or equal to 3");
}

TEST(ShapeConstraints, OfATableNameApplyToTheNameInAnArn) {
  const std::string arn = "arn:aws:dynamodb:us-east-1:000000000000:table/";
  const auto message = [&](std::string_view table_name) {
    return constraints_message(concat(R"({"TableName":")", table_name, R"("})"),
                               shapes::describe_table_input);
  };
  EXPECT_EQ(message(arn + "abc"), "(accepted)");
  EXPECT_NE(message(arn + "ab"), "(accepted)");
}

}  // namespace
}  // namespace pageturner
