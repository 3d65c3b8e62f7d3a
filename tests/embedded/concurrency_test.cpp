// Why: test suites run in parallel against one emulator; a lost update, a partly visible write or a
// stale index entry causes failures that are hard to reproduce. Source: guide, "Read consistency",
// "Working with items: conditional writes"; the contracts in storage/.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "pageturner/emulator.h"
#include "protocol/json.h"
#include "tests/support/http_client.h"

namespace pageturner {
namespace {

// A local index on l, global indexes on g (projecting ALL) and on l (KEYS_ONLY).
constexpr const char* create_table = R"({"TableName":"Busy","BillingMode":"PAY_PER_REQUEST",
  "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},
    {"AttributeName":"s","AttributeType":"N"},{"AttributeName":"g","AttributeType":"S"},
    {"AttributeName":"l","AttributeType":"N"}],
  "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"s","KeyType":"RANGE"}],
  "LocalSecondaryIndexes":[{"IndexName":"local","Projection":{"ProjectionType":"ALL"},
    "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}]}],
  "GlobalSecondaryIndexes":[
    {"IndexName":"all","Projection":{"ProjectionType":"ALL"},
     "KeySchema":[{"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}]},
    {"IndexName":"keys","Projection":{"ProjectionType":"KEYS_ONLY"},
     "KeySchema":[{"AttributeName":"l","KeyType":"HASH"}]}]})";
constexpr const char* indexes[] = {"local", "all", "keys"};

using Call = std::function<Response(std::string_view operation, std::string_view body)>;

std::string key_json(unsigned p, unsigned s) {
  return R"("p":{"S":"p)" + std::to_string(p) + R"("},"s":{"N":")" + std::to_string(s) + R"("})";
}

std::string text_of(JsonValue json) {
  std::string text;
  json.write(text);
  return text;
}

class Concurrency : public testing::Test {
 protected:
  void SetUp() override {
    const Response response = emulator_.call("CreateTable", create_table);
    ASSERT_EQ(response.http_status, 200u) << response.body;
  }

  Call in_process() {
    return [this](std::string_view operation, std::string_view body) {
      return emulator_.call(operation, body);
    };
  }

  // Runs `body` in each of `count` threads, the last two over HTTP.
  void run(unsigned count, const std::function<void(unsigned number, const Call&)>& body) {
    std::vector<std::thread> threads;
    for (unsigned number = 0; number < count; ++number) {
      threads.emplace_back([this, number, count, &body] {
        if (number + 2 < count) return body(number, in_process());
        HttpClient client(emulator_.port());
        body(number, [&](std::string_view operation, std::string_view request) {
          return call(client, operation, request);
        });
      });
    }
    for (std::thread& thread : threads) thread.join();
  }

  // Returns all items of the table or an index by key, read in pages of `limit`. Checks that no
  // item occurs twice.
  std::map<std::string, std::string> scan(const std::string& index, int limit) {
    std::map<std::string, std::string> items;
    std::string start;
    do {
      const Response response = emulator_.call(
          "Scan", R"({"TableName":"Busy","Limit":)" + std::to_string(limit) +
                      (index.empty() ? "" : R"(,"IndexName":")" + index + '"') +
                      (start.empty() ? "" : R"(,"ExclusiveStartKey":)" + start) + "}");
      EXPECT_EQ(response.http_status, 200u) << response.body;
      const auto document = JsonDocument::parse(response.body).value();
      const JsonValue list = *document.root().find("Items");
      for (const JsonValue item : list.elements()) {
        const std::string key = text_of(*item.find("p")) + text_of(*item.find("s"));
        EXPECT_TRUE(items.emplace(key, text_of(item)).second) << key << " came twice";
      }
      const auto last = document.root().find("LastEvaluatedKey");
      start = last ? text_of(*last) : "";
    } while (!start.empty());
    return items;
  }

  // Checks that the table, its indexes and the counts of DescribeTable agree exactly.
  void expect_agreement() {
    const auto items = scan("", 7);
    std::map<std::string, std::map<std::string, std::string>> expected;
    for (const auto& [key, item] : items) {
      const bool has_g = item.find(R"("g":)") != std::string::npos;
      const bool has_l = item.find(R"("l":)") != std::string::npos;
      if (has_l) expected["local"][key] = item;
      if (has_g && has_l) expected["all"][key] = item;
      if (has_l) expected["keys"][key];
    }
    std::map<std::string, std::size_t> counts = {{"", items.size()}};
    for (const char* index : indexes) {
      auto entries = scan(index, 5);
      counts[index] = entries.size();
      if (std::string_view(index) == "keys") {
        for (auto& [key, entry] : entries) entry.clear();
      }
      EXPECT_EQ(entries, expected[index]) << index;
    }
    const Response described = emulator_.call("DescribeTable", R"({"TableName":"Busy"})");
    const auto document = JsonDocument::parse(described.body).value();
    const JsonValue table = *document.root().find("Table");
    const auto count_in = [](JsonValue description) {
      return static_cast<std::size_t>(description.find("ItemCount")->as_integer());
    };
    EXPECT_EQ(count_in(table), counts[""]);
    for (const char* kind : {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"}) {
      const JsonValue list = *table.find(kind);
      for (const JsonValue element : list.elements()) {
        const std::string name(element.find("IndexName")->as_string());
        EXPECT_EQ(count_in(element), counts[name]) << name;
      }
    }
  }

  Emulator emulator_;
};

// A random put or delete, with few keys and index values to provoke conflicts.
Response write_at_random(std::mt19937& random, const Call& call) {
  const std::string key = key_json(random() % 4, random() % 12);
  if (random() % 4 == 0) return call("DeleteItem", R"({"TableName":"Busy","Key":{)" + key + "}}");
  std::string item = key;
  if (random() % 3 != 0) item += R"(,"g":{"S":"g)" + std::to_string(random() % 3) + R"("})";
  if (random() % 3 != 0) item += R"(,"l":{"N":")" + std::to_string(random() % 5) + R"("})";
  item += R"(,"x":{"S":")" + std::string(random() % 200, 'x') + R"("})";
  return call("PutItem", R"({"TableName":"Busy","Item":{)" + item + "}}");
}

TEST_F(Concurrency, KeepsTableIndexesAndCountsConsistent) {
  constexpr unsigned writers = 6;
  std::atomic<unsigned> writing = writers;
  std::atomic<int> pages = 0;
  std::thread reader([&] {
    const char* queries[] = {
        R"("KeyConditionExpression":"p = :v","ExpressionAttributeValues":{":v":{"S":"p1"}})",
        R"("IndexName":"all","KeyConditionExpression":"g = :v","ExpressionAttributeValues":{":v":{"S":"g1"}})",
        R"("IndexName":"keys","KeyConditionExpression":"l = :v","ExpressionAttributeValues":{":v":{"N":"3"}})",
        R"("IndexName":"local","KeyConditionExpression":"p = :v","ExpressionAttributeValues":{":v":{"S":"p2"}})"};
    while (writing > 0) {
      for (const std::string query : queries) {
        const Response response =
            emulator_.call("Query", R"({"TableName":"Busy","Limit":6,)" + query + "}");
        EXPECT_EQ(response.http_status, 200u) << response.body;
        ++pages;
      }
      EXPECT_EQ(emulator_.call("Scan", R"({"TableName":"Busy"})").http_status, 200u);
    }
  });
  run(writers, [&](unsigned number, const Call& call) {
    std::mt19937 random(number);
    for (int i = 0; i < 400; ++i) {
      const Response response = write_at_random(random, call);
      EXPECT_EQ(response.http_status, 200u) << response.body;
    }
    --writing;
  });
  reader.join();
  EXPECT_GT(pages, 0);
  expect_agreement();
}

TEST_F(Concurrency, KeepsAllItemsOfWritersOfDifferentKeys) {
  run(6, [](unsigned number, const Call& call) {
    for (unsigned i = 0; i < 100; ++i) {
      const Response response =
          call("PutItem", R"({"TableName":"Busy","Item":{)" + key_json(number, i) +
                              R"(,"l":{"N":"1"},"g":{"S":"one"}}})");
      EXPECT_EQ(response.http_status, 200u) << response.body;
    }
  });
  EXPECT_EQ(scan("", 50).size(), 600u);
  EXPECT_EQ(scan("all", 50).size(), 600u);
  expect_agreement();
}

TEST_F(Concurrency, OneConditionalPutOfAKeySucceeds) {
  constexpr unsigned keys = 40;
  std::atomic<int> succeeded = 0;
  std::atomic<int> failed = 0;
  run(8, [&](unsigned number, const Call& call) {
    for (unsigned i = 0; i < keys; ++i) {
      const Response response =
          call("PutItem",
               R"-({"TableName":"Busy","ConditionExpression":"attribute_not_exists(p)","Item":{)-" +
                   key_json(0, i) + R"(,"l":{"N":")" + std::to_string(number) + R"("}}})");
      if (response.http_status == 200) {
        ++succeeded;
      } else {
        EXPECT_NE(response.body.find("#ConditionalCheckFailedException"), std::string::npos)
            << response.body;
        ++failed;
      }
    }
  });
  EXPECT_EQ(succeeded, static_cast<int>(keys));
  EXPECT_EQ(failed, static_cast<int>(keys * 7));
  expect_agreement();
}

// Each writer increments one number, conditional on the value it has read.
TEST_F(Concurrency, LosesNoConditionalUpdate) {
  constexpr int writers = 6;
  constexpr int increments = 30;
  const std::string key = key_json(0, 0);
  emulator_.call("PutItem", R"({"TableName":"Busy","Item":{)" + key + R"(,"l":{"N":"0"}}})");
  run(writers, [&](unsigned, const Call& call) {
    for (int done = 0; done < increments;) {
      const Response got =
          call("GetItem", R"({"TableName":"Busy","ConsistentRead":true,"Key":{)" + key + "}}");
      const auto document = JsonDocument::parse(got.body).value();
      const std::string old(document.root().find("Item")->find("l")->find("N")->as_string());
      const Response put = call(
          "PutItem",
          R"({"TableName":"Busy","ConditionExpression":"l = :old","ExpressionAttributeValues":{":old":{"N":")" +
              old + R"("}},"Item":{)" + key + R"(,"l":{"N":")" +
              std::to_string(std::stoi(old) + 1) + R"("}}})");
      if (put.http_status == 200) ++done;
    }
  });
  EXPECT_EQ(scan("", 9).begin()->second, R"({"l":{"N":"180"},"p":{"S":"p0"},"s":{"N":"0"}})");
  expect_agreement();
}

TEST_F(Concurrency, RecreatesATableEmptyDuringWrites) {
  constexpr unsigned writers = 4;
  constexpr int rounds = 30;
  std::atomic<bool> done = false;
  std::thread other([&] {
    for (int round = 0; round < rounds; ++round) {
      EXPECT_EQ(emulator_.call("DeleteTable", R"({"TableName":"Busy"})").http_status, 200u);
      EXPECT_EQ(emulator_.call("CreateTable", create_table).http_status, 200u);
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
    done = true;
  });
  run(writers, [&](unsigned number, const Call& call) {
    std::mt19937 random(number);
    while (!done) {
      const Response response = write_at_random(random, call);
      if (response.http_status == 200) continue;
      EXPECT_NE(response.body.find("#ResourceNotFoundException"), std::string::npos)
          << response.body;
    }
  });
  other.join();
  expect_agreement();
  EXPECT_EQ(emulator_.call("DeleteTable", R"({"TableName":"Busy"})").http_status, 200u);
  EXPECT_EQ(emulator_.call("CreateTable", create_table).http_status, 200u);
  EXPECT_TRUE(scan("", 10).empty());
  for (const char* index : indexes) EXPECT_TRUE(scan(index, 10).empty()) << index;
  expect_agreement();
}

}  // namespace
}  // namespace pageturner
