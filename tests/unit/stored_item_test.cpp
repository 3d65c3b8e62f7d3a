// Why: responses copy stored bytes and filters access them by offsets; an offset that is off by one
// produces broken JSON. Source: the contract in storage/stored_item.h. tests/format checks the
// exact bytes.
#include "storage/stored_item.h"

#include <gtest/gtest.h>

#include "protocol/text.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

// Names and values that need escapes, look like JSON, or are empty.
constexpr const char* odd_item = R"({
  "0":{"S":""}, "a\"b":{"S":"\"},{\""}, "back\\slash":{"N":"-1.50"}, "new\nline":{"BOOL":false},
  "tab\tnul\u0000":{"NULL":true}, "\u001f":{"S":"\b\f\r\u001f\u007f"}, "größe😀":{"B":"AAH/"},
  "a.b[0]":{"L":[{"M":{}},{"S":"x"}]},
  "z":{"M":{"k\"":{"NS":["1","20e1"]}}}, "pk":{"SS":["b","a"]}})";

TEST(StoredItem, RoundTrips) {
  for (const char* json : {"{}", R"({"pk":{"S":"a"}})", odd_item}) {
    const Item item = item_of(json);
    const std::string stored = encode_stored_item(item);
    EXPECT_TRUE(decode_stored_item(ItemView(stored)) == item) << json;
  }
}

TEST(StoredItem, ContainsTheWireForm) {
  for (const char* json : {"{}", R"({"pk":{"S":"a"}})", odd_item}) {
    const Item item = item_of(json);
    const std::string stored = encode_stored_item(item);
    EXPECT_EQ(wire_of(item_of(std::string(ItemView(stored).json()))), wire_of(item));
    EXPECT_EQ(ItemView(stored).bytes(), stored);
  }
}

// A put encodes its item from the request JSON without an intermediate Item.
TEST(StoredItem, IsTheSameWhenEncodedFromARequest) {
  for (
      const char* json :
      {"{}", R"({"pk":{"S":"a"}})", odd_item, R"({"b":{"N":"1"},"\u0061":{"S":"\u0041\n"}})",
       R"({"m":{"M":{"b":{"S":""},"a\n":{"S":"1"},"a":{"M":{"z":{"L":[]},"y":{"BOOL":true}}}}}})"}) {
    const auto document = JsonDocument::parse(json);
    EXPECT_EQ(parse_stored_item(document.value().root()).value(), encode_stored_item(item_of(json)))
        << json;
  }
}

// Escapes change the order of names: a line feed sorts before all letters, its escape between them.
TEST(StoredItem, IsTheSameAfterAChangeAsWhenNew) {
  const struct {
    const char* removed;  // a name
    const char* added;    // an item
  } rows[] = {
      {"", "{}"},
      {"pk", R"({"a":{"N":"1"}})"},
      {"z", R"({"\n":{"S":"1"},"0":{"S":"5"},"Z":{"S":"2"},"a":{"S":"3"},"\"":{"S":"4"}})"},
      {"new\nline", R"({"tab\tnul\u0000":{"S":"1"},"a\"b":{"S":"2"},"z":{"S":"3"}})"},
      {"absent", R"({"\u0001":{"S":"1"},"\\":{"S":"2"},"~":{"S":"3"}})"},
  };
  for (const auto& row : rows) {
    const Item before = item_of(odd_item);
    Item after = before;
    AttributeChanges changes;
    if (*row.removed != '\0') {
      changes[row.removed] = std::nullopt;
      after.erase(row.removed);
    }
    for (const auto& [name, value] : item_of(row.added)) {
      changes[name] = value;
      after[name] = value;
    }
    EXPECT_EQ(change_stored_item(ItemView(encode_stored_item(before)), changes),
              encode_stored_item(after))
        << row.added;
  }
}

TEST(StoredItem, HasItsDocumentedSize) {
  for (const char* json : {"{}", R"({"pk":{"S":"a"}})", odd_item}) {
    const Item item = item_of(json);
    EXPECT_EQ(ItemView(encode_stored_item(item)).size_bytes(), item_size_bytes(item)) << json;
  }
}

TEST(StoredItem, ListsNamesAndValuesInOrder) {
  const std::string stored =
      encode_stored_item(item_of(R"({"b":{"N":"1.0"},"a\"":{"L":[]},"c":{"S":"}"}})"));
  const ItemView view(stored);
  ASSERT_EQ(view.attribute_count(), 3u);
  EXPECT_EQ(view.escaped_name(0), "a\\\"");
  EXPECT_EQ(view.value_json(0), R"({"L":[]})");
  EXPECT_EQ(view.escaped_name(1), "b");
  EXPECT_EQ(view.value_json(1), R"({"N":"1"})");
  EXPECT_EQ(view.escaped_name(2), "c");
  EXPECT_EQ(view.value_json(2), R"({"S":"}"})");
}

TEST(StoredItem, FindsAttributesByEscapedName) {
  const std::string stored = encode_stored_item(item_of(odd_item));
  const ItemView view(stored);
  for (const auto& [name, value] : item_of(odd_item)) {
    std::string escaped;
    append_json_escaped(escaped, name);
    const auto index = view.find(escaped);
    ASSERT_TRUE(index) << name;
    EXPECT_TRUE(decode_stored_value(view.value_json(*index)) == value) << name;
  }
  for (const char* absent : {"a", "z\"", "k", "pk ", "S"}) EXPECT_FALSE(view.find(absent));
}

TEST(StoredItem, HoldsManyAttributes) {
  Item item;
  for (int i = 0; i < 5'000; ++i) {
    item.emplace("attribute-" + std::to_string(i), AttributeValue{std::string(i % 70, 'x')});
  }
  const std::string stored = encode_stored_item(item);
  const ItemView view(stored);
  ASSERT_EQ(view.attribute_count(), item.size());
  EXPECT_EQ(view.size_bytes(), item_size_bytes(item));
  std::size_t index = 0;
  for (const auto& [name, value] : item) {
    ASSERT_EQ(view.escaped_name(index), name);
    ASSERT_EQ(view.value_json(index), wire_of(value));
    ++index;
  }
  EXPECT_TRUE(decode_stored_item(view) == item);
}

TEST(StoredItem, HoldsTheDeepestNesting) {
  std::string open, close;
  for (int i = 0; i < 31; ++i) {
    open += R"({"M":{"a":)";
    close += "}}";
  }
  const Item item = item_of(R"({"pk":)" + open + R"({"S":"x"})" + close + "}");
  EXPECT_TRUE(decode_stored_item(ItemView(encode_stored_item(item))) == item);
}

TEST(StoredItemSource, FindsAttributes) {
  const Item item = item_of(odd_item);
  const std::string stored = encode_stored_item(item);
  const StoredItemSource source{ItemView(stored)};
  for (const auto& [name, value] : item) {
    const AttributeValue* found = source.find(name);
    ASSERT_NE(found, nullptr) << name;
    EXPECT_TRUE(*found == value) << name;
  }
  EXPECT_EQ(source.find("gone"), nullptr);
  EXPECT_EQ(source.find("a\\\"b"), nullptr);  // the name, not its escaped form
}

TEST(StoredItemSource, GivesPointersThatStayValid) {
  const std::string stored = encode_stored_item(item_of(odd_item));
  const StoredItemSource source{ItemView(stored)};
  const AttributeValue* first = source.find("pk");
  for (const auto& [name, value] : item_of(odd_item)) source.find(name);
  EXPECT_EQ(source.find("pk"), first);
  EXPECT_EQ(wire_of(*first), R"({"SS":["a","b"]})");
}

// Returns a list or set of the type `descriptor` with the members `member`(0), `member`(1), ….
std::string many(std::string_view descriptor, std::size_t count,
                 std::string (*member)(std::size_t)) {
  std::string json = concat("{\"", descriptor, "\":[");
  for (std::size_t i = 0; i < count; ++i) json += concat(i == 0 ? "" : ",", member(i));
  return json + "]}";
}

// Where the elements of a long list or set are.
const void* elements_of(const AttributeValue& value) {
  if (const auto* list = value.get_if<List>()) return list->elements.data();
  if (const auto* strings = value.get_if<StringSet>()) return strings->members.data();
  if (const auto* numbers = value.get_if<NumberSet>()) return numbers->members.data();
  if (const auto* binaries = value.get_if<BinarySet>()) return binaries->members.data();
  return elements_of(value.as<Map>().attributes.front().value);
}

// Why: new memory for each of a hundred long lists cost five times as much as decoding them. No
// value of an earlier item may be seen in a later one.
TEST(StoredItemSource, ReusesTheMemoryOfLongValues) {
  const auto text = [](std::size_t i) { return concat("\"", 100'000 + i, '"'); };
  const auto number = [](std::size_t i) { return concat("{\"N\":\"", i, "\"}"); };
  const std::pair<std::string, std::string> cases[] = {
      {many("L", 20'000, number), many("L", 12'000, number)},
      {many("SS", 20'000, text), many("SS", 12'000, text)},
      {many("NS", 20'000, text), many("NS", 12'000, text)},
      {concat(R"({"M":{"a":)", many("L", 20'000, number), "}}"),
       concat(R"({"M":{"a":)", many("L", 12'000, number), "}}")},
  };
  for (const auto& [longer, shorter] : cases) {
    SCOPED_TRACE(longer.substr(0, 20));
    DecodeBuffer buffer;
    const void* memory = nullptr;
    for (const std::string& json : {longer, shorter, longer, std::string(R"({"L":[]})")}) {
      const Item item = item_of(concat(R"({"pk":{"S":"x"},"a":)", json, "}"));
      const std::string stored = encode_stored_item(item);
      const StoredItemSource source(ItemView(stored), &buffer);
      const AttributeValue* found = source.find("a");
      ASSERT_NE(found, nullptr);
      EXPECT_TRUE(*found == item.at("a"));
      if (json.size() < 100) continue;
      if (memory != nullptr) {
        EXPECT_EQ(elements_of(*found), memory);
      }
      memory = elements_of(*found);
    }
  }
}

}  // namespace
}  // namespace pageturner
