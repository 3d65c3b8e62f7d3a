// Why: programs start emulators inside their own tests, often several at once, and rely on their
// isolation. Source: the contract in include/pageturner/emulator.h.
#include "pageturner/emulator.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/http_client.h"

namespace pageturner {
namespace {

// Makes one call on a new connection.
Response call_over_http(const Emulator& emulator, std::string_view operation,
                        std::string_view body) {
  HttpClient client(emulator.port());
  return call(client, operation, body);
}

constexpr const char* create_table = R"({"TableName":"Things","BillingMode":"PAY_PER_REQUEST",
  "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
  "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})";
constexpr const char* put_item = R"({"TableName":"Things","Item":{"pk":{"S":"a"},"n":{"N":"1"}}})";
constexpr const char* get_item = R"({"TableName":"Things","Key":{"pk":{"S":"a"}}})";
constexpr const char* item_response = R"({"Item":{"n":{"N":"1"},"pk":{"S":"a"}}})";

EmulatorOptions without_http() {
  EmulatorOptions options;
  options.http = false;
  return options;
}

TEST(Emulator, ListensOnAFreePort) {
  const Emulator emulator;
  EXPECT_NE(emulator.port(), 0);
  EXPECT_EQ(emulator.endpoint(), "http://127.0.0.1:" + std::to_string(emulator.port()));
}

TEST(Emulator, AnswersTheSameOverHttpAndInProcess) {
  Emulator emulator;
  HttpClient client(emulator.port());
  EXPECT_EQ(call(client, "CreateTable", create_table).http_status, 200u);
  EXPECT_EQ(emulator.call("PutItem", put_item).http_status, 200u);
  EXPECT_EQ(call(client, "GetItem", get_item).body, item_response);
  EXPECT_EQ(emulator.call("GetItem", get_item).body, item_response);
}

TEST(Emulator, AnswersWithoutHttp) {
  Emulator emulator(without_http());
  EXPECT_EQ(emulator.port(), 0);
  EXPECT_EQ(emulator.endpoint(), "");
  EXPECT_EQ(emulator.call("CreateTable", create_table).http_status, 200u);
  EXPECT_EQ(emulator.call("DynamoDB_20120810.PutItem", put_item).http_status, 200u);
  const Response response = emulator.call("GetItem", get_item);
  EXPECT_EQ(response.http_status, 200u);
  EXPECT_EQ(response.body, item_response);
}

TEST(Emulator, AnswersErrorsAsOverHttp) {
  Emulator emulator(without_http());
  const struct {
    const char* operation;
    const char* body;
    const char* type;
  } rows[] = {
      {"NoSuchOperation", "{}", "com.amazon.coral.service#UnknownOperationException"},
      {"OtherService_20120810.ListTables", "{}",
       "com.amazon.coral.service#UnknownOperationException"},
      {"ListTables", "{", "com.amazon.coral.service#SerializationException"},
      {"ListTables", R"({"Limit":0})", "com.amazon.coral.validate#ValidationException"},
      {"GetItem", get_item, "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"},
  };
  for (const auto& row : rows) {
    const Response response = emulator.call(row.operation, row.body);
    EXPECT_EQ(response.http_status, 400u) << row.operation;
    EXPECT_TRUE(response.body.starts_with(std::string(R"({"__type":")") + row.type + '"'))
        << response.body;
  }
}

TEST(Emulator, SharesNothingWithOthers) {
  std::vector<std::unique_ptr<Emulator>> emulators;
  for (int i = 0; i < 4; ++i) emulators.push_back(std::make_unique<Emulator>());
  for (std::size_t i = 0; i < emulators.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(emulators[i]->port(), emulators[j]->port());
  }
  EXPECT_EQ(emulators[1]->call("CreateTable", create_table).http_status, 200u);
  EXPECT_EQ(emulators[2]->call("CreateTable", create_table).http_status, 200u);
  EXPECT_EQ(emulators[1]->call("PutItem", put_item).http_status, 200u);
  EXPECT_EQ(call_over_http(*emulators[0], "ListTables", "{}").body, R"({"TableNames":[]})");
  EXPECT_EQ(call_over_http(*emulators[1], "GetItem", get_item).body, item_response);
  EXPECT_EQ(call_over_http(*emulators[2], "GetItem", get_item).body, "{}");
  emulators[1]->stop();
  EXPECT_EQ(call_over_http(*emulators[2], "ListTables", "{}").body, R"({"TableNames":["Things"]})");
}

TEST(Emulator, KeepsItsDataAfterStop) {
  Emulator emulator;
  emulator.call("CreateTable", create_table);
  emulator.call("PutItem", put_item);
  const std::uint16_t port = emulator.port();
  emulator.stop();
  EXPECT_EQ(emulator.port(), 0);
  EXPECT_EQ(emulator.endpoint(), "");
  HttpClient late(port);
  EXPECT_THROW(call(late, "ListTables", "{}"), std::runtime_error);
  EXPECT_EQ(emulator.call("GetItem", get_item).body, item_response);
  EXPECT_EQ(emulator.call("PutItem", put_item).http_status, 200u);
}

TEST(Emulator, StopsTwice) {
  Emulator emulator;
  emulator.stop();
  emulator.stop();
  EXPECT_EQ(emulator.port(), 0);
  Emulator never_started(without_http());
  never_started.stop();
}

TEST(Emulator, StopsWithConnectionsOpen) {
  Emulator emulator;
  HttpClient client(emulator.port());
  EXPECT_EQ(call(client, "ListTables", "{}").http_status, 200u);
  emulator.stop();
  EXPECT_THROW(call(client, "ListTables", "{}"), std::runtime_error);
}

TEST(Emulator, ReleasesItsPort) {
  EmulatorOptions options;
  {
    Emulator first;
    call_over_http(first, "ListTables", "{}");
    options.port = first.port();
  }
  const Emulator second(options);
  EXPECT_EQ(second.port(), options.port);
}

TEST(Emulator, ThrowsOneLineForATakenPort) {
  const Emulator first;
  EmulatorOptions options;
  options.port = first.port();
  try {
    const Emulator second(options);
    FAIL() << "listens on a port that is taken";
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find(std::to_string(options.port)), std::string::npos) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
  }
}

TEST(Emulator, ThrowsForAHostOfAnotherMachine) {
  EmulatorOptions options;
  for (const char* host : {"192.0.2.1", "no address", ""}) {
    options.host = host;
    EXPECT_THROW(const Emulator emulator(options), std::runtime_error) << host;
  }
}

TEST(Emulator, ServesWithSeveralThreads) {
  EmulatorOptions options;
  options.threads = 3;
  Emulator emulator(options);
  emulator.call("CreateTable", create_table);
  emulator.call("PutItem", put_item);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      HttpClient client(emulator.port());
      for (int j = 0; j < 50; ++j) {
        EXPECT_EQ(call(client, "GetItem", get_item).body, item_response);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace pageturner
