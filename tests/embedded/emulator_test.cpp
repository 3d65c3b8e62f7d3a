// Why: programs start emulators inside their own tests, often several at once, and rely on their
// isolation. Source: the contract in include/pageturner/emulator.h.
#include "pageturner/emulator.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
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

// Connects a socket to a port of ::1, or binds it to any. False where that fails.
bool reaches_v6_loopback(decltype(connect) step, std::uint16_t port) {
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_addr = in6addr_loopback;
  address.sin6_port = htons(port);
  const int descriptor = socket(AF_INET6, SOCK_STREAM, 0);
  const int result = step(descriptor, reinterpret_cast<sockaddr*>(&address), sizeof address);
  close(descriptor);
  return result == 0;
}

// Clients that are given "localhost" may try either of its addresses first.
TEST(Emulator, ListensOnBothAddressesOfLocalhost) {
  if (!reaches_v6_loopback(bind, 0)) GTEST_SKIP() << "this machine has no IPv6";
  EmulatorOptions options;
  const struct {
    const char* host;
    bool has_v4;
    bool has_v6;
    const char* endpoint;
  } rows[] = {
      {"localhost", true, true, "http://127.0.0.1:"},
      {"127.0.0.1", true, false, "http://127.0.0.1:"},
      {"::1", false, true, "http://[::1]:"},
      {"::1,127.0.0.1", true, true, "http://[::1]:"},
      {"0.0.0.0", true, false, "http://127.0.0.1:"},
      {"0.0.0.0,::", true, true, "http://127.0.0.1:"},
      {"::", true, true, "http://[::1]:"},
  };
  for (const auto& row : rows) {
    options.host = row.host;
    const Emulator emulator(options);
    EXPECT_EQ(emulator.endpoint(), row.endpoint + std::to_string(emulator.port()));
    EXPECT_EQ(reaches_v6_loopback(connect, emulator.port()), row.has_v6) << row.host;
    if (row.has_v4) {
      EXPECT_EQ(call_over_http(emulator, "ListTables", "{}").http_status, 200u) << row.host;
    } else {
      EXPECT_THROW(call_over_http(emulator, "ListTables", "{}"), std::runtime_error) << row.host;
    }
  }
}

// The settings of the binary must not reach the tests of a program in the same environment.
TEST(Emulator, ReadsNoEnvironment) {
  setenv("PAGETURNER_PORT", "1", 1);
  setenv("PAGETURNER_HOST", "192.0.2.1", 1);
  setenv("PAGETURNER_MAX_MEMORY", "1b", 1);
  Emulator emulator;
  EXPECT_EQ(emulator.endpoint(), "http://127.0.0.1:" + std::to_string(emulator.port()));
  EXPECT_EQ(emulator.call("CreateTable", create_table).http_status, 200u);
  for (const char* name : {"PAGETURNER_PORT", "PAGETURNER_HOST", "PAGETURNER_MAX_MEMORY"}) {
    unsetenv(name);
  }
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
  for (const char* host : {"192.0.2.1", "localhost,192.0.2.1", "no address", ""}) {
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
