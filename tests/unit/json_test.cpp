// Why: every request passes here first. What is no JSON has to be refused before anything looks at
// it, and what is written has to come back as it was. Source: RFC 8259; recorded answers for null
// members, which the service takes for absent.
#include "protocol/json.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "protocol/limits.h"

namespace pageturner {
namespace {

using Kind = JsonValue::Kind;

std::string nested_arrays(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

// An object of `count` members of one name.
std::string many_members(int count) {
  std::string text = "{";
  for (int i = 0; i < count; ++i) {
    text += (i > 0 ? ",\"m\":" : "\"m\":") + std::to_string(i);
  }
  return text + "}";
}

// Unescaped strings live in the document: a copy would have views into the original's.
TEST(Json, IsMovedButNotCopied) {
  static_assert(!std::is_copy_constructible_v<JsonDocument>);
  static_assert(!std::is_copy_assignable_v<JsonDocument>);
  JsonDocument document = JsonDocument::parse(R"({"a\n":"b\tc"})").value();
  const JsonDocument moved = std::move(document);
  ASSERT_TRUE(moved.root().find("a\n"));
  EXPECT_EQ(moved.root().find("a\n")->as_string(), "b\tc");
}

TEST(Json, KnowsTheKindOfEachValue) {
  const struct {
    const char* text;
    Kind kind;
  } rows[] = {
      {"null", Kind::null},
      {"true", Kind::boolean},
      {" false\n", Kind::boolean},
      {"0", Kind::integer},
      {"-12", Kind::integer},
      {"18446744073709551615", Kind::integer},
      {"1.0", Kind::decimal},
      {"1e3", Kind::decimal},
      {"\"\"", Kind::string},
      {"\"a\"", Kind::string},
      {"[]", Kind::array},
      {"{}", Kind::object},
      {"\t{\"a\":[]}", Kind::object},
  };
  for (const auto& row : rows) {
    const auto document = JsonDocument::parse(row.text);
    ASSERT_TRUE(document) << row.text;
    EXPECT_EQ(document->root().kind(), row.kind) << row.text;
  }
}

TEST(Json, RefusesWhatIsNoJson) {
  const std::vector<std::string> texts = {
      "",           " ",
      "{",          "{]",
      "nul",        "[1,]",
      "{\"a\":1,}", "01",
      "'a'",        "{a:1}",
      "{} {}",      "\"a",
      "NaN",        "[1 2]",
      "\"\\x\"",    "\"\n\"",
      "/* */ {}",   "\"\\ud800\"",
      "+1",         "\"\\u12\"",
      "{\"a\"}",    "\xEF\xBB\xBF{}",
  };
  for (const std::string& text : texts) {
    const auto document = JsonDocument::parse(text);
    ASSERT_FALSE(document) << text;
    EXPECT_EQ(document.error().type, ErrorType::serialization) << text;
    EXPECT_EQ(document.error().message, "") << text;
  }
}

TEST(Json, RefusesInvalidUtf8) {
  const std::vector<std::string> texts = {
      "\x80",              // a continuation without a start
      "\xC3",              // a start without its continuation
      "\xC0\xAF",          // overlong
      "\xE0\x80\x80",      // overlong
      "\xED\xA0\x80",      // a surrogate
      "\xF4\x90\x80\x80",  // beyond U+10FFFF
      "\xFF",
  };
  for (const std::string& text : texts) {
    const std::string value = "\"" + text + "\"";
    const std::string name = "{\"" + text + "\":1}";
    EXPECT_FALSE(JsonDocument::parse(value)) << testing::PrintToString(text);
    EXPECT_FALSE(JsonDocument::parse(name)) << testing::PrintToString(text);
  }
  EXPECT_TRUE(JsonDocument::parse("\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\""));
}

TEST(Json, LimitsTheDepth) {
  const struct {
    std::string text;
    bool is_taken;
  } rows[] = {
      {nested_arrays(limits::json_depth_max), true},
      {nested_arrays(limits::json_depth_max + 1), false},
      {std::string(100'000, '['), false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(JsonDocument::parse(row.text).has_value(), row.is_taken) << row.text.size();
  }
}

TEST(Json, TakesANullMemberForAnAbsentOne) {
  const auto document = JsonDocument::parse(R"({"a":null,"b":false,"c":{"d":null}})").value();
  EXPECT_FALSE(document.root().find("a"));
  EXPECT_FALSE(document.root().find("z"));
  ASSERT_TRUE(document.root().find("b"));
  EXPECT_FALSE(document.root().find("c")->find("d"));
  EXPECT_EQ(document.root().size(), 3u);
}

TEST(Json, FindsNothingInWhatIsNoObject) {
  for (const char* text : {"null", "1", "\"a\"", "[\"a\"]"}) {
    EXPECT_FALSE(JsonDocument::parse(text)->root().find("a")) << text;
  }
}

TEST(Json, GivesMembersInTheOrderOfTheText) {
  const auto document = JsonDocument::parse(R"({"b":1,"a":2,"c":3})").value();
  std::string names;
  for (const auto& [name, value] : document.root().members()) names += name;
  EXPECT_EQ(names, "bac");
}

TEST(Json, LetsTheLastOfEqualNamesCount) {
  const struct {
    std::string text;
    std::string written;
  } rows[] = {
      {R"({"a":1,"a":2})", R"({"a":2})"},
      {R"({"a":1,"b":[1],"a":{"c":2},"d":3})", R"({"b":[1],"a":{"c":2},"d":3})"},
      {R"({"a":{"b":1,"b":2,"b":3},"c":[{"d":4,"d":[5,6]}]})",
       R"({"a":{"b":3},"c":[{"d":[5,6]}]})"},
      {R"({"a":1,"\u0061":2})", R"({"a":2})"},
      {many_members(40), R"({"m":39})"},
  };
  for (const auto& row : rows) {
    const auto document = JsonDocument::parse(row.text).value();
    std::string written;
    document.root().write(written);
    EXPECT_EQ(written, row.written) << row.text;
  }
}

// A body of 16 MB may contain eight million values, and the tree of each request of that size has
// to fit beside the others. (The source of the bound: docs/security.md.)
TEST(Json, TakesEightBytesForAValue) {
  constexpr std::size_t values = 200'000;
  const struct {
    const char* value;
    std::size_t bytes;
  } rows[] = {
      {"0", 8},  {"null", 8},       {"true", 8},     {"\"a\"", 8},
      {"[]", 8}, {R"({"":0})", 24}, {R"("\n")", 16},
  };
  for (const auto& row : rows) {
    std::string text = "[";
    for (std::size_t i = 0; i < values; ++i)
      text.append(row.value).append(i + 1 < values ? "," : "]");
    const auto document = JsonDocument::parse(text).value();
    EXPECT_EQ(document.root().size(), values);
    EXPECT_EQ(document.memory_bytes(), 8 + values * row.bytes) << row.value;
  }
}

// Equal names at each of many levels around a long array once copied the array at each level.
TEST(Json, DropsEqualNamesAtEveryLevelInOnePass) {
  constexpr std::size_t levels = 120;
  constexpr std::size_t elements = 20'000;
  std::string text;
  for (std::size_t level = 0; level < levels; ++level) text += R"({"a":[0,{"\n":0}],"a":)";
  text += "[0";
  for (std::size_t i = 1; i < elements; ++i) text += ",0";
  text += ']' + std::string(levels, '}');
  const auto document = JsonDocument::parse(text).value();
  EXPECT_LE(document.moved_bytes(), 8 * (2 * levels + 1 + elements));
  JsonValue value = document.root();
  for (std::size_t level = 0; level < levels; ++level) {
    ASSERT_EQ(value.size(), 1u);
    value = value.find("a").value();
  }
  EXPECT_EQ(value.size(), elements);
  EXPECT_EQ(document.memory_bytes(), 8 * (2 * levels + 1 + elements));
}

// Objects of more members find equal names by a hash table.
TEST(Json, DropsEqualNamesOfLargeObjects) {
  std::string text = "{";
  std::string expected = "{";
  for (int i = 0; i < 1000; ++i) {
    const std::string name = i % 3 == 0 ? "\"n\\n" + std::to_string(i) : "\"n" + std::to_string(i);
    text += name + "\":[\"old\",{\"\\\"\":null}],";
    text += i % 2 == 0 ? name + "\":{\"x\":1,\"x\":2}," : "";
    expected += name + (i % 2 == 0 ? "\":{\"x\":2}," : "\":[\"old\",{\"\\\"\":null}],");
  }
  text += "\"end\":true}";
  expected += "\"end\":true}";
  std::string written;
  JsonDocument::parse(text).value().root().write(written);
  EXPECT_EQ(written, expected);
}

TEST(Json, ClampsNumbersToInt64) {
  constexpr auto highest = std::numeric_limits<std::int64_t>::max();
  constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
  const struct {
    const char* text;
    std::int64_t integer;
  } rows[] = {
      {"0", 0},
      {"-7", -7},
      {"9223372036854775807", highest},
      {"9223372036854775808", highest},
      {"18446744073709551616", highest},
      {"-9223372036854775808", lowest},
      {"-9223372036854775809", lowest},
      {"1.9", 1},
      {"-1.9", -1},
      {"1e300", highest},
      {"-1e300", lowest},
      {"1e400", highest},
      {"-1e400", lowest},
      {"0e3010", 0},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(JsonDocument::parse(row.text)->root().as_integer(), row.integer) << row.text;
  }
}

TEST(Json, TakesNullForTheEmptyValueOfAnyKind) {
  const auto document = JsonDocument::parse("null").value();
  EXPECT_EQ(document.root().as_string(), "");
  EXPECT_FALSE(document.root().as_boolean());
  EXPECT_EQ(document.root().size(), 0u);
}

TEST(Json, UnescapesStrings) {
  const struct {
    const char* text;
    std::string unescaped;
  } rows[] = {
      {R"("\"\\\/\b\f\n\r\t")", "\"\\/\b\f\n\r\t"},
      {R"("\u0041\u00e9\u20AC")", "A\xC3\xA9\xE2\x82\xAC"},
      {R"("\ud83d\ude00")", "\xF0\x9F\x98\x80"},
      {R"("a\u0000b")", std::string("a\0b", 3)},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(JsonDocument::parse(row.text)->root().as_string(), row.unescaped) << row.text;
  }
}

TEST(Json, WritesStringsThatComeBackAsTheyWere) {
  std::vector<std::string> texts = {"", "plain", "\xF0\x9F\x98\x80", "\x7F", "a\"b\\c/d"};
  for (char c = 0; c < 0x30; ++c) texts.push_back(std::string("<") + c + ">");
  // Texts are looked at in words of eight bytes, or of twice four.
  for (std::size_t size = 1; size <= 20; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      for (const char c : {'"', '\\', '\x01', '\x1f', '\x7f'}) {
        texts.emplace_back(size, 'a')[at] = c;
      }
    }
  }
  for (const std::string& text : texts) {
    std::string written;
    append_json_string(written, text);
    const auto document = JsonDocument::parse(written);
    ASSERT_TRUE(document) << written;
    EXPECT_EQ(document->root().as_string(), text) << written;
  }
}

TEST(Json, EscapesOnlyWhatHasToBe) {
  std::string written;
  append_json_escaped(written, std::string("\0\x1F\"\\/\n\xC3\xA9", 8));
  EXPECT_EQ(written, "\\u0000\\u001f\\\"\\\\/\\n\xC3\xA9");
}

TEST(Json, WritesAValueAsCompactText) {
  const auto document = JsonDocument::parse(R"( { "a" : [ 1 , true , null ] } )").value();
  std::string written = "=";
  document.root().write(written);
  EXPECT_EQ(written, R"(={"a":[1,true,null]})");
}

// Unknown members of a request may hold any, and an answer may repeat them.
TEST(Json, WritesEveryNumberAsJson) {
  const auto document =
      JsonDocument::parse(R"({"a":[1e400,-1E+400,0e400],"b\n":["\n",18446744073709551615,-5.00]})")
          .value();
  std::string written;
  document.root().write(written);
  EXPECT_EQ(written, R"({"a":[1e400,-1E+400,0e400],"b\n":["\n",18446744073709551615,-5.00]})");
  EXPECT_TRUE(JsonDocument::parse(written));
}

}  // namespace
}  // namespace pageturner
