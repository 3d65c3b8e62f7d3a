// Why: an engine with persistent storage must read items that older programs wrote. These bytes are
// derived from docs/format.md by hand. Source: docs/format.md.
#include <gtest/gtest.h>

#include "storage/stored_item.h"
#include "tests/format/bytes.h"
#include "tests/unit/wire.h"

namespace pageturner {
namespace {

TEST(StoredItemBytes, AreHeaderAndJson) {
  const struct {
    const char* item;
    const char* header;
    const char* json;
  } rows[] = {
      {"{}", "0000000000000000", "{}"},
      {R"({"pk":{"S":"a"}})", "03000000010000000200000006000000", R"({"pk":{"S":"a"}})"},
      {R"({"sk":{"N":"5.0"},"pk":{"S":"a"}})", "070000000200000002000000060000001100000015000000",
       R"({"pk":{"S":"a"},"sk":{"N":"5"}})"},
      {R"({"é":{"B":"AA=="},"pk":{"S":""},"a\"b":{"L":[{"BOOL":true}]}})",
       "0D0000000300000002000000080000001F000000230000002D00000031000000",
       R"({"a\"b":{"L":[{"BOOL":true}]},"pk":{"S":""},"é":{"B":"AA=="}})"},
      {R"({"\u0001\n\/":{"NULL":true}})", "0400000001000000020000000D000000",
       R"({"\u0001\n/":{"NULL":true}})"},
  };
  for (const auto& row : rows) {
    const std::string stored = encode_stored_item(item_of(row.item));
    const std::size_t header_bytes = std::string_view(row.header).size() / 2;
    EXPECT_EQ(hex(stored.substr(0, header_bytes)), row.header) << row.item;
    EXPECT_EQ(stored.substr(header_bytes), row.json);
  }
}

// One value of each type, in canonical form.
TEST(StoredItemBytes, HoldEveryTypeOfValue) {
  const std::string json =
      R"({"b":{"B":"AAH/"},"bool":{"BOOL":false},"bs":{"BS":["AA==","AQ=="]},"l":{"L":[{"S":"x"}]},)"
      R"("m":{"M":{"a":{"N":"1"},"b":{"S":""}}},"n":{"N":"-0.5"},"ns":{"NS":["1","2"]},)"
      R"("null":{"NULL":true},"s":{"S":"\"\\\n"},"ss":{"SS":["a","b"]}})";
  const std::string stored = encode_stored_item(item_of(json));
  EXPECT_EQ(ItemView(stored).json(), json);
}

// Sets are stored in order: strings and binary values by their bytes, numbers by value.
TEST(StoredItemBytes, HoldSetsInOrder) {
  const std::string stored = encode_stored_item(item_of(
      R"({"bs":{"BS":["AQ==","AA=="]},"ns":{"NS":["10","9","-1"]},"ss":{"SS":["b","B"]}})"));
  EXPECT_EQ(ItemView(stored).json(),
            R"({"bs":{"BS":["AA==","AQ=="]},"ns":{"NS":["-1","9","10"]},"ss":{"SS":["B","b"]}})");
}

}  // namespace
}  // namespace pageturner
