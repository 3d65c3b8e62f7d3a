// Why: an index added to a table under load must in the end contain the same entries as an index
// that existed from the start, and no write may fail. Source: guide, "Managing Global Secondary
// Indexes" (adding an index to a table in use).
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <random>
#include <set>
#include <thread>
#include <vector>

#include "pageturner/emulator.h"

namespace pageturner {
namespace {

namespace json = boost::json;

constexpr std::string_view index_json =
    R"({"IndexName":"by_g","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],
        "Projection":{"ProjectionType":"ALL"}})";

std::string create_table(std::string_view name, bool with_index) {
  return R"({"TableName":")" + std::string(name) + R"(","BillingMode":"PAY_PER_REQUEST",
    "KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],
    "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"})" +
         (with_index ? R"(,{"AttributeName":"g","AttributeType":"S"}],"GlobalSecondaryIndexes":[)" +
                           std::string(index_json) + "]}"
                     : "]}");
}

class TableChange : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(emulator_.call("CreateTable", create_table("Whole", true)).http_status, 200u);
    ASSERT_EQ(emulator_.call("CreateTable", create_table("Grown", false)).http_status, 200u);
  }

  unsigned update_indexes(std::string_view update) {
    return emulator_
        .call("UpdateTable",
              R"({"TableName":"Grown","AttributeDefinitions":[{"AttributeName":"g",
                  "AttributeType":"S"}],"GlobalSecondaryIndexUpdates":[)" +
                  std::string(update) + "]}")
        .http_status;
  }

  // Puts, updates and deletes this writer's items, with the same writes in both tables.
  void write(unsigned writer, int rounds) {
    std::mt19937 random(writer);
    for (int i = 0; i < rounds; ++i) {
      const std::string key =
          R"("p":{"S":")" + std::to_string(writer) + "-" + std::to_string(random() % 40) + R"("})";
      const std::string g = R"({"S":"g)" + std::to_string(random() % 5) + R"("})";
      std::string operation = "PutItem";
      std::string rest = R"(,"Item":{)" + key + (random() % 4 == 0 ? "}" : R"(,"g":)" + g + "}");
      if (random() % 3 == 0) {
        operation = "DeleteItem";
        rest = R"(,"Key":{)" + key + "}";
      } else if (random() % 3 == 0) {
        operation = "UpdateItem";
        rest = R"(,"Key":{)" + key +
               R"(},"UpdateExpression":"SET g = :g","ExpressionAttributeValues":{":g":)" + g + "}";
      }
      for (const std::string table : {"Whole", "Grown"}) {
        const Response response =
            emulator_.call(operation, R"({"TableName":")" + table + "\"" + rest + "}");
        ASSERT_EQ(response.http_status, 200u) << response.body;
      }
    }
  }

  std::multiset<std::string> items(const std::string& table, const std::string& more = "") {
    const Response response =
        emulator_.call("Scan", R"({"TableName":")" + table + "\"" + more + "}");
    EXPECT_EQ(response.http_status, 200u) << response.body;
    std::multiset<std::string> items;
    const json::value found = json::parse(response.body);
    for (const json::value& item : found.at("Items").as_array()) {
      items.insert(json::serialize(item));
    }
    return items;
  }

  Emulator emulator_{{.http = false}};
};

TEST_F(TableChange, ALateIndexHasTheSameEntries) {
  std::atomic<int> writing = 3;
  std::vector<std::thread> writers;
  for (unsigned writer = 0; writer < 3; ++writer) {
    writers.emplace_back([&, writer] {
      write(writer, 600);
      --writing;
    });
  }
  const std::string create = R"({"Create":)" + std::string(index_json) + "}";
  do {
    EXPECT_EQ(update_indexes(create), 200u);
    EXPECT_EQ(update_indexes(R"({"Delete":{"IndexName":"by_g"}})"), 200u);
  } while (writing > 1);
  EXPECT_EQ(update_indexes(create), 200u);
  for (std::thread& writer : writers) writer.join();

  const std::string by_index = R"(,"IndexName":"by_g")";
  EXPECT_FALSE(items("Whole", by_index).empty());
  EXPECT_EQ(items("Grown", by_index), items("Whole", by_index));
  EXPECT_EQ(items("Grown"), items("Whole"));
}

}  // namespace
}  // namespace pageturner
