// Why: sizes decide where pages end and which items are rejected; equality decides conditions.
// Source: guide, "DynamoDB item sizes and formats" and "Supported data types and naming rules".
#include "protocol/attribute_value.h"

#include <gtest/gtest.h>

#include "tests/unit/wire.h"

namespace pageturner {
namespace {

TEST(AttributeValue, HasItsDocumentedSize) {
  const struct {
    const char* wire;
    std::size_t size_bytes;
  } rows[] = {
      {R"({"NULL":true})", 1},
      {R"({"BOOL":false})", 1},
      {R"({"S":""})", 0},
      {R"({"S":"abc"})", 3},
      {R"({"S":"é€😀"})", 2 + 3 + 4},  // UTF-8 bytes, not characters
      {R"({"S":"\n\""})", 2},         // escapes are not counted
      {R"({"B":""})", 0},
      {R"({"B":"AAEC"})", 3},  // decoded
      {R"({"N":"0"})", 1},
      {R"({"N":"-100"})", 3},
      {R"({"SS":["a","bcd",""]})", 4},
      {R"({"NS":["1","100","-22"]})", 2 + 2 + 3},
      {R"({"BS":["AAEC","AA=="]})", 4},
      {R"({"L":[]})", 3},
      {R"({"M":{}})", 3},
      {R"({"L":[{"S":"ab"},{"NULL":true}]})", 3 + (1 + 2) + (1 + 1)},
      {R"({"M":{"name":{"S":"ab"}}})", 3 + 1 + 4 + 2},
      {R"({"L":[{"L":[]},{"M":{}}]})", 3 + (1 + 3) + (1 + 3)},
      {R"({"M":{"k":{"L":[{"M":{"é":{"N":"7"}}}]}}})", 3 + (1 + 1) + 3 + 1 + 3 + (1 + 2) + 2},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(size_bytes(value_of(row.wire)), row.size_bytes) << row.wire;
  }
}

TEST(AttributeValue, AddsNamesAndValuesToTheSizeOfAnItem) {
  const struct {
    const char* wire;
    std::size_t size_bytes;
  } rows[] = {
      {"{}", 0},
      {R"({"id":{"S":""}})", 2},
      {R"({"id":{"S":"x"},"größe":{"N":"42"}})", 3 + 7 + 2},
      {R"({"m":{"M":{}},"n":{"NULL":true}})", 4 + 2},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(item_size_bytes(item_of(row.wire)), row.size_bytes) << row.wire;
  }
}

TEST(AttributeValue, EqualsValuesOfTheSameContent) {
  const struct {
    const char* left;
    const char* right;
  } rows[] = {
      {R"({"N":"1.0"})", R"({"N":"100e-2"})"},
      {R"({"N":"-0"})", R"({"N":"0"})"},
      {R"({"SS":["a","b","c"]})", R"({"SS":["c","a","b"]})"},
      {R"({"NS":["1","2.50"]})", R"({"NS":["2.5","1e0"]})"},
      {R"({"BS":["AA==","AQ=="]})", R"({"BS":["AQ==","AA=="]})"},
      {R"({"M":{"a":{"S":"x"},"b":{"N":"1"}}})", R"({"M":{"b":{"N":"1.0"},"a":{"S":"x"}}})"},
      {R"({"L":[{"SS":["a","b"]}]})", R"({"L":[{"SS":["b","a"]}]})"},
      {R"({"M":{"s":{"M":{"t":{"NS":["1","2"]}}}}})",
       R"({"M":{"s":{"M":{"t":{"NS":["2","1"]}}}}})"},
      {R"({"NULL":true})", R"({"NULL":true})"},
      {R"({"B":"AAE="})", R"({"B":"AAE="})"},
  };
  for (const auto& row : rows) {
    EXPECT_TRUE(value_of(row.left) == value_of(row.right)) << row.left << " and " << row.right;
  }
}

TEST(AttributeValue, DiffersFromValuesOfOtherTypesOrContent) {
  const char* all_different[] = {
      R"({"NULL":true})",
      R"({"BOOL":true})",
      R"({"BOOL":false})",
      R"({"S":""})",
      R"({"S":"1"})",
      R"({"S":"AA=="})",
      R"({"N":"1"})",
      R"({"N":"-1"})",
      R"({"B":""})",
      R"({"B":"AA=="})",
      R"({"SS":["1"]})",
      R"({"SS":["1","2"]})",
      R"({"SS":["AA=="]})",
      R"({"NS":["1"]})",
      R"({"NS":["1","2"]})",
      R"({"BS":["AA=="]})",
      R"({"L":[]})",
      R"({"L":[{"S":"1"},{"S":"2"}]})",
      R"({"L":[{"S":"2"},{"S":"1"}]})",
      R"({"L":[{"L":[]}]})",
      R"({"M":{}})",
      R"({"M":{"a":{"S":"1"}}})",
      R"({"M":{"A":{"S":"1"}}})",
  };
  for (const char* left : all_different) {
    for (const char* right : all_different) {
      EXPECT_EQ(value_of(left) == value_of(right), left == right) << left << " and " << right;
    }
  }
}

TEST(AttributeValue, KeepsTheAttributesOfAMapInOrder) {
  AttributeValue value = value_of(R"({"M":{"c":{"N":"3"},"a":{"N":"1"}}})");
  auto& map = std::get<Map>(value.data);
  map.put("b", value_of(R"({"N":"2"})"));
  map.put("", value_of(R"({"N":"0"})"));
  map.put("c", value_of(R"({"S":"c"})"));
  map.erase("a");
  map.erase("absent");
  EXPECT_EQ(wire_of(value), R"({"M":{"":{"N":"0"},"b":{"N":"2"},"c":{"S":"c"}}})");
  ASSERT_NE(map.find("c"), nullptr);
  EXPECT_EQ(wire_of(*map.find("c")), R"({"S":"c"})");
  EXPECT_EQ(map.find("a"), nullptr);
  EXPECT_EQ(map.find("d"), nullptr);
}

TEST(AttributeValue, HasTheWireNameOfItsType) {
  const struct {
    const char* wire;
    const char* descriptor;
  } rows[] = {
      {R"({"NULL":true})", "NULL"}, {R"({"BOOL":true})", "BOOL"}, {R"({"S":"a"})", "S"},
      {R"({"N":"1"})", "N"},        {R"({"B":"AA=="})", "B"},     {R"({"SS":["a"]})", "SS"},
      {R"({"NS":["1"]})", "NS"},    {R"({"BS":["AA=="]})", "BS"}, {R"({"L":[]})", "L"},
      {R"({"M":{}})", "M"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(type_descriptor(type_of(value_of(row.wire))), row.descriptor);
  }
}

}  // namespace
}  // namespace pageturner
