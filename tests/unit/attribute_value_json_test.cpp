// Why: clients send and receive every value in this form, and the server stores it in this form.
// Source: api, AttributeValue; guide, "Supported data types"; the error texts are recorded
// responses of the service.
#include "protocol/attribute_value_json.h"

#include <gtest/gtest.h>

#include "protocol/limits.h"
#include "protocol/text.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

Result<AttributeValue> parse(std::string_view text) {
  const auto document = JsonDocument::parse(text);
  return parse_attribute_value(document.value().root());
}

Result<std::size_t> append(std::string_view text, std::string& out) {
  const auto document = JsonDocument::parse(text);
  return append_parsed_value(out, document.value().root());
}

// Returns a string value inside `levels` nested maps.
std::string nested_maps(int levels) {
  std::string open, close;
  for (int i = 0; i < levels; ++i) {
    open += R"({"M":{"a":)";
    close += "}}";
  }
  return open + R"({"S":"x"})" + close;
}

std::string nested_lists(int levels) {
  std::string open, close;
  for (int i = 0; i < levels; ++i) {
    open += R"({"L":[)";
    close += "]}";
  }
  return open + close;
}

TEST(AttributeValueJson, IsWrittenInCanonicalForm) {
  const struct {
    const char* given;
    const char* written;
  } rows[] = {
      {R"({"S":"a"})", R"({"S":"a"})"},
      {R"({"S":""})", R"({"S":""})"},
      {R"({"S":"\u0041\u00e9\/\u000a\u0001"})", "{\"S\":\"Aé/\\n\\u0001\"}"},
      {R"({"N":"+007.50"})", R"({"N":"7.5"})"},
      {R"({"N":"1e3"})", R"({"N":"1000"})"},
      {R"({"N":"-0"})", R"({"N":"0"})"},
      {R"({"B":"AAECAw=="})", R"({"B":"AAECAw=="})"},
      {R"({"B":""})", R"({"B":""})"},
      {R"({"BOOL":true})", R"({"BOOL":true})"},
      {R"({"BOOL":false})", R"({"BOOL":false})"},
      {R"({"NULL":true})", R"({"NULL":true})"},
      // Sets are in order: by bytes, numbers by value.
      {R"({"SS":["b","a","","é","Z"]})", R"({"SS":["","Z","a","b","é"]})"},
      {R"({"NS":["2","10","1.0","-3e1"]})", R"({"NS":["-30","1","2","10"]})"},
      {R"({"BS":["/w==","AQ==","AA==",""]})", R"({"BS":["","AA==","AQ==","/w=="]})"},
      {R"({"L":[{"M":{"s":{"SS":["b","a"]}}}]})", R"({"L":[{"M":{"s":{"SS":["a","b"]}}}]})"},
      {R"({"L":[]})", R"({"L":[]})"},
      {R"({"L":[{"N":"1"},{"L":[{"NULL":true}]}]})", R"({"L":[{"N":"1"},{"L":[{"NULL":true}]}]})"},
      {R"({"M":{}})", R"({"M":{}})"},
      {R"({ "M" : { "b" : {"S":"2"} , "a" : {"S":"1"} } })",
       R"({"M":{"a":{"S":"1"},"b":{"S":"2"}}})"},
      {R"({"M":{"n\n":{"S":"3"},"a":{"L":[{"M":{"z":{"N":"1"},"y":{"S":"é"}}},{"NS":["1","22"]}]}}})",
       R"({"M":{"a":{"L":[{"M":{"y":{"S":"é"},"z":{"N":"1"}}},{"NS":["1","22"]}]},"n\n":{"S":"3"}}})"},
      // Members that are null or of unknown name are ignored.
      {R"({"S":"a","N":null,"Unknown":1})", R"({"S":"a"})"},
      // The service accepts these strings as booleans.
      {R"({"BOOL":"TRUE"})", R"({"BOOL":true})"},
      {R"({"BOOL":"False"})", R"({"BOOL":false})"},
      {R"({"NULL":"true"})", R"({"NULL":true})"},
      {R"({"BOOL":"Yes"})", R"({"BOOL":true})"},
      {R"({"BOOL":"nO"})", R"({"BOOL":false})"},
      {R"({"BOOL":"1"})", R"({"BOOL":true})"},
      {R"({"BOOL":"0"})", R"({"BOOL":false})"},
      {R"({"NULL":"YES"})", R"({"NULL":true})"},
  };
  for (const auto& row : rows) {
    const auto value = parse(row.given);
    ASSERT_TRUE(value) << row.given << ": " << value.error().message;
    EXPECT_EQ(wire_of(*value), row.written);
    std::string written;
    const auto size = append(row.given, written);
    ASSERT_TRUE(size) << row.given;
    EXPECT_EQ(written, row.written);
    EXPECT_EQ(*size, size_bytes(*value)) << row.given;
  }
}

TEST(AttributeValueJson, RejectsInvalidValues) {
  const std::string invalid = "One or more parameter values were invalid: ";
  const std::string empty =
      "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes";
  const std::string several =
      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the "
      "supported datatypes";
  const struct {
    const char* given;
    std::string message;
  } rows[] = {
      {"{}", empty},
      {R"({"S":null})", empty},
      {R"({"Unknown":1})", empty},
      {R"({"S":"a","N":"1"})", several},
      {R"({"S":"a","BOOL":true,"NULL":true})", several},
      {R"({"S":"a","N":"x"})", "The parameter cannot be converted to a numeric value: x"},
      {R"({"N":""})", "The parameter cannot be converted to a numeric value"},
      {R"({"NULL":false})", invalid + "Null attribute value types must have the value of true"},
      {R"({"NULL":"false"})", invalid + "Null attribute value types must have the value of true"},
      {R"({"NULL":"0"})", invalid + "Null attribute value types must have the value of true"},
      {R"({"SS":[]})", invalid + "An string set  may not be empty"},
      {R"({"NS":[]})", invalid + "An number set  may not be empty"},
      {R"({"BS":[]})", invalid + "Binary sets should not be empty"},
      {R"({"SS":["a","b","a"]})", invalid + "Input collection [a, b, a] contains duplicates."},
      {R"({"SS":["",""]})", invalid + "Input collection [, ] contains duplicates."},
      {R"({"BS":["Yg==","Yg=="]})",
       invalid + "Input collection [Yg==, Yg==]of type BS contains duplicates."},
      {R"({"NS":["1","2","1.0"]})", "Input collection contains duplicates"},
      {R"({"NS":["123456789012345678901","123456789012345678901.0"]})",
       "Input collection contains duplicates"},
      {R"({"NS":[""]})", "The parameter cannot be converted to a numeric value"},
      {R"({"L":[{"S":"a"},{}]})", empty},
      {R"({"M":{"a":{"M":{"b":{"SS":[]}}}}})", invalid + "An string set  may not be empty"},
  };
  for (const auto& row : rows) {
    const auto value = parse(row.given);
    ASSERT_FALSE(value) << row.given;
    EXPECT_EQ(value.error().type, ErrorType::validation) << row.given;
    EXPECT_EQ(value.error().message, row.message) << row.given;
    std::string written;
    EXPECT_EQ(append(row.given, written).error().message, row.message) << row.given;
  }
}

// Source: recorded answers of 2026. Escapes are not on record.
TEST(AttributeValueJson, WordsDuplicatesForTheCurrentValidators) {
  const std::string collection = "One or more parameter values were invalid: Input collection ";
  const struct {
    const char* given;
    std::string message;
  } rows[] = {
      {R"({"SS":["a","a"]})", R"(["a", "a"] contains duplicates.)"},
      {R"({"SS":["",""]})", R"(["", ""] contains duplicates.)"},
      {R"({"SS":["b","a","b"]})", R"(["a", "b", "b"] contains duplicates.)"},
      {R"({"SS":["c","b","c","a","d","b"]})",
       R"(["b", "c", "c", "a", "d", "b"] contains duplicates.)"},
      {R"({"BS":["",""]})", R"(["",""]of type BS contains duplicates.)"},
      {R"({"BS":["/w==","AA==","AA=="]})",
       R"(["AA==","/w==","AA=="]of type BS contains duplicates.)"},
      {R"({"NS":["2","1","2"]})", "contains duplicates."},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(parse(row.given).error().texts().current_message, collection + row.message)
        << row.given;
  }
}

// Of a set this large, the first million members are checked for duplicates before the others.
TEST(AttributeValueJson, ReportsInvalidMembersOfLongSetsBeforeDuplicates) {
  constexpr int count = 1'000'000;
  std::string equal, distinct;
  for (int i = 0; i < count; ++i) {
    equal += R"("1",)";
    distinct += concat("\"", i, "\",");
  }
  const auto message = [](const std::string& members) {
    return parse(R"({"NS":[)" + members + "]}").error().message;
  };
  constexpr const char* duplicates = "Input collection contains duplicates";
  EXPECT_EQ(message(equal + R"("2")"), duplicates);
  EXPECT_EQ(message(equal + R"("x")"), "The parameter cannot be converted to a numeric value: x");
  EXPECT_EQ(message(distinct + R"("7")"), duplicates);
}

TEST(AttributeValueJson, AcceptsLongNumbersThatDifferInTheLastDigit) {
  EXPECT_TRUE(parse(R"({"NS":["123456789012345678901","123456789012345678902"]})"));
}

TEST(AttributeValueJson, LimitsNestingInValuesAndItems) {
  constexpr int max = limits::nesting_levels_below_item_max;
  EXPECT_EQ(max, 31);
  for (const auto& nested : {nested_maps, nested_lists}) {
    EXPECT_TRUE(parse(nested(max)));
    std::string written;
    EXPECT_TRUE(append(nested(max), written));
    EXPECT_FALSE(append(nested(max + 1), written));
    const auto refused = parse(nested(max + 1));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "Nesting Levels have exceeded supported limits: Attributes in the item have nested "
              "levels beyond supported limit");
    const auto item = [&](int levels) {
      const std::string text = R"({"pk":)" + nested(levels) + "}";
      const auto document = JsonDocument::parse(text);
      return parse_item(document.value().root());
    };
    EXPECT_TRUE(item(max));
    EXPECT_FALSE(item(max + 1));
  }
}

TEST(AttributeValueJson, LimitsNestingToTheLevelsGiven) {
  for (const auto& nested : {nested_maps, nested_lists}) {
    for (const int levels : {32, 33}) {
      const std::string text = nested(levels);
      const auto document = JsonDocument::parse(text);
      EXPECT_EQ(parse_attribute_value(document.value().root(), 32).has_value(), levels == 32);
    }
  }
}

TEST(AttributeValueJson, CountsTheLevelsOfInvalidItems) {
  const struct {
    std::string item;
    int levels;
  } rows[] = {
      {"{}", 0},
      {R"({"a":{"SS":[]},"b":{"NS":["x"]}})", 0},
      {R"({"a":{"L":[]},"":{}})", 1},
      {R"({"a":{"M":{"":{"N":"x"},"b":{"L":[null]}}}})", 2},
      {R"({"a":)" + nested_lists(40) + R"(,"b":)" + nested_maps(41) + "}", 41},
  };
  for (const auto& row : rows) {
    const auto document = JsonDocument::parse(row.item);
    EXPECT_EQ(nesting_levels_of_item(document.value().root()), row.levels) << row.item;
  }
}

TEST(AttributeValueJson, WritesItemsSortedByName) {
  EXPECT_EQ(wire_of(item_of(R"({"b":{"N":"1"},"0":{"S":"e"},"a\"":{"BOOL":true}})")),
            R"({"0":{"S":"e"},"a\"":{"BOOL":true},"b":{"N":"1"}})");
  EXPECT_EQ(wire_of(Item()), "{}");
}

TEST(AttributeValueJson, KeepsTheLastOfDuplicateAttributes) {
  EXPECT_EQ(wire_of(item_of(R"({"a":{"S":"1"},"a":{"S":"2"}})")), R"({"a":{"S":"2"}})");
}

TEST(AttributeValueJson, DecodesBase64) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("AAH/"), std::string("\x00\x01\xFF", 3));
  EXPECT_EQ(decode_base64("YQ=="), "a");
  EXPECT_EQ(decode_base64("!!!!"), "");
}

}  // namespace
}  // namespace pageturner
