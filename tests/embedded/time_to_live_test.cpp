// Why: the sweep of expired items runs concurrently with all operations. It must not delete an item
// that has been renewed, leave entries in indexes, or delay the end of a program. Source: guide,
// "Using time to live (TTL) in DynamoDB"; the contracts in include/pageturner/emulator.h and
// storage/expiry_sweep.h.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "pageturner/emulator.h"
#include "tests/support/http_client.h"

namespace pageturner {
namespace {

using namespace std::chrono_literals;

constexpr const char* create_table = R"({"TableName":"Sessions","BillingMode":"PAY_PER_REQUEST",
  "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"},
    {"AttributeName":"g","AttributeType":"S"}],
  "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
  "GlobalSecondaryIndexes":[{"IndexName":"index","Projection":{"ProjectionType":"ALL"},
    "KeySchema":[{"AttributeName":"g","KeyType":"HASH"}]}]})";

std::string time_to_live(bool enabled) {
  return std::string(R"({"TableName":"Sessions","TimeToLiveSpecification":)") +
         R"({"AttributeName":"ttl","Enabled":)" + (enabled ? "true}}" : "false}}");
}

// Returns a put of an item that expired ten seconds ago or expires in a hundred years.
std::string put(const std::string& pk, bool expired) {
  const std::int64_t time = std::time(nullptr) + (expired ? -10 : 3'000'000'000);
  return R"({"TableName":"Sessions","Item":{"pk":{"S":")" + pk +
         R"("},"g":{"S":"g"},"ttl":{"N":")" + std::to_string(time) + R"("}}})";
}

std::string get(const std::string& pk) {
  return R"({"TableName":"Sessions","Key":{"pk":{"S":")" + pk + R"("}}})";
}

EmulatorOptions options_with(bool http, unsigned sweep_milliseconds) {
  EmulatorOptions options;
  options.http = http;
  options.time_to_live_sweep_milliseconds = sweep_milliseconds;
  return options;
}

void expect_ok(const Response& response) { EXPECT_EQ(response.http_status, 200u) << response.body; }

void prepare(Emulator& emulator) {
  expect_ok(emulator.call("CreateTable", create_table));
  expect_ok(emulator.call("UpdateTimeToLive", time_to_live(true)));
}

// Returns the response to a Scan that counts the items of the table or its index.
std::string count(Emulator& emulator, bool index) {
  return emulator
      .call("Scan", std::string(R"({"TableName":"Sessions","Select":"COUNT")") +
                        (index ? R"(,"IndexName":"index"})" : "}"))
      .body;
}

std::string counted(int items) {
  return R"({"Count":)" + std::to_string(items) + R"(,"ScannedCount":)" + std::to_string(items) +
         "}";
}

// Waits until `items` items are left. Fails after 60 seconds.
void wait_for_count(Emulator& emulator, int items) {
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (count(emulator, false) != counted(items) && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_EQ(count(emulator, false), counted(items));
  EXPECT_EQ(count(emulator, true), counted(items));
}

TEST(TimeToLive, DeletesExpiredItemsInTheBackground) {
  Emulator emulator(options_with(true, 1));
  prepare(emulator);
  HttpClient client(emulator.port());
  for (int i = 0; i < 1500; ++i) expect_ok(call(client, "PutItem", put(std::to_string(i), i > 0)));
  wait_for_count(emulator, 1);
  EXPECT_NE(emulator.call("GetItem", get("0")).body, "{}");
}

TEST(TimeToLive, DeletesExpiredItemsBetweenCallsWithoutThreads) {
  Emulator emulator(options_with(false, 1));
  prepare(emulator);
  expect_ok(emulator.call("PutItem", put("old", true)));
  expect_ok(emulator.call("PutItem", put("new", false)));
  std::this_thread::sleep_for(5ms);
  EXPECT_EQ(emulator.call("GetItem", get("old")).body, "{}");
  EXPECT_NE(emulator.call("GetItem", get("new")).body, "{}");
}

TEST(TimeToLive, IsDisabledByAnIntervalOfZero) {
  for (const bool http : {true, false}) {
    Emulator emulator(options_with(http, 0));
    prepare(emulator);
    expect_ok(emulator.call("PutItem", put("old", true)));
    std::this_thread::sleep_for(20ms);
    EXPECT_NE(emulator.call("GetItem", get("old")).body, "{}");
  }
}

TEST(TimeToLive, ContinuesBetweenCallsAfterStop) {
  Emulator emulator(options_with(true, 1));
  prepare(emulator);
  emulator.stop();
  expect_ok(emulator.call("PutItem", put("old", true)));
  std::this_thread::sleep_for(5ms);
  EXPECT_EQ(emulator.call("GetItem", get("old")).body, "{}");
}

// Without waking up the sweep, stop() would take an hour.
TEST(TimeToLive, StopsWhileTheSweepWaits) {
  Emulator emulator(options_with(true, 3'600'000));
  prepare(emulator);
  emulator.stop();
  emulator.stop();
}

TEST(TimeToLive, StopsDuringASweep) {
  for (int round = 0; round < 3; ++round) {
    Emulator emulator(options_with(true, 1));
    prepare(emulator);
    for (int i = 0; i < 1000; ++i) {
      expect_ok(emulator.call("PutItem", put(std::to_string(i), true)));
    }
    expect_ok(emulator.call("UpdateTimeToLive", time_to_live(false)));
    expect_ok(emulator.call("UpdateTimeToLive", time_to_live(true)));
  }
}

// Each writer makes its items expired and unexpired several times, while time to live is disabled
// and enabled and transactions conflict with the sweep. In the end only the unexpired items exist.
TEST(TimeToLive, KeepsRenewedItems) {
  Emulator emulator(options_with(true, 1));
  prepare(emulator);
  constexpr int writers = 4;
  constexpr int keys = 60;
  constexpr int more_items = 20;
  std::atomic<int> writing = writers;
  std::vector<std::thread> threads;
  for (int number = 0; number < writers; ++number) {
    threads.emplace_back([&, number] {
      for (int i = 0; i < keys; ++i) {
        const std::string pk = std::to_string(number) + "-" + std::to_string(i);
        for (const bool expired : {true, false, true, i % 2 != 0}) {
          expect_ok(emulator.call("PutItem", put(pk, expired)));
        }
        for (int more = 0; more < more_items; ++more) {
          expect_ok(emulator.call("PutItem", put(pk + "-" + std::to_string(more), true)));
        }
        // An unexpired item is never missing.
        if (i % 2 == 0) {
          EXPECT_NE(emulator.call("GetItem", get(pk)).body, "{}") << pk;
        }
      }
      --writing;
    });
  }
  threads.emplace_back([&] {
    HttpClient client(emulator.port());
    while (writing > 0) {
      expect_ok(call(client, "UpdateTimeToLive", time_to_live(false)));
      expect_ok(call(client, "UpdateTimeToLive", time_to_live(true)));
      expect_ok(call(client, "Scan", R"({"TableName":"Sessions","IndexName":"index"})"));
      // Either outcome is valid: the transaction may conflict with the sweep.
      const std::string one = put("t1", false);
      const std::string two = put("t2", false);
      call(client, "TransactWriteItems",
           R"({"TransactItems":[{"Put":)" + one + R"(},{"Put":)" + two + "}]}");
    }
    expect_ok(call(client, "PutItem", put("t1", true)));
    expect_ok(call(client, "PutItem", put("t2", true)));
  });
  for (std::thread& thread : threads) thread.join();
  wait_for_count(emulator, writers * keys / 2);
}

}  // namespace
}  // namespace pageturner
