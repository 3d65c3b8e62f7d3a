// Why: an exception from below is a bug or a lack of memory and must cost one request, not the
// process: whatever its type, it is answered once with InternalServerError. Source: the contract in
// server/request_handler.h; recorded answers for the form of that error.
#include "server/service.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "protocol/text.h"
#include "storage/database.h"
#include "storage/engine/memory_engine.h"
#include "tests/support/forwarding_engine.h"

namespace pageturner {
namespace {

// An engine that throws `failure` from every member that reads.
class FailingEngine final : public ForwardingEngine {
 public:
  explicit FailingEngine(void (*failure)()) : failure_(failure) {}

  std::unique_ptr<ReadView> read_view() const override {
    failure_();
    return ForwardingEngine::read_view();
  }
  bool try_reserve(std::size_t bytes, std::size_t spare_bytes) override {
    failure_();
    return ForwardingEngine::try_reserve(bytes, spare_bytes);
  }
  std::size_t size_bytes() const override {
    failure_();
    return ForwardingEngine::size_bytes();
  }

 private:
  void (*failure_)();
};

TEST(Service, AnswersAnyExceptionWithInternalServerError) {
  constexpr std::string_view error =
      R"({"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError")";
  constexpr std::string_view create_table = R"({"TableName":"Music","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]})";
  void (*failures[])() = {[] { throw std::runtime_error("a bug"); }, [] { throw 1; }};
  for (const auto failure : failures) {
    Database database(std::make_unique<FailingEngine>(failure));
    Service service(database);
    std::string out = "before";
    EXPECT_EQ(service.call("CreateTable", create_table, out), 500u);
    EXPECT_EQ(out.substr(0, 6), "before");
    EXPECT_EQ(out.substr(6, error.size()), error);

    // Over HTTP, and not by way of an operation.
    out = "before";
    EXPECT_EQ(service.handle({.method = "GET", .path = "/metrics"}, "", out).status, 500u);
    EXPECT_EQ(out.substr(6, error.size()), error);
  }
}

// Why: a request that may take long and runs on an I/O thread keeps other clients waiting; one that
// is small and does not is slower than it has to be. Source: docs/concurrency.md, "Threads".
TEST(Service, JudgesRequestsByOperationBodyAndFilter) {
  Database database(std::make_unique<MemoryEngine>());
  const Service service(database);
  const std::string at_limit(64 * 1024, ' ');
  const struct {
    const char* target;
    std::string body;
    Effort effort;
    const char* content_encoding = "";
  } rows[] = {
      {"DynamoDB_20120810.GetItem", "{}", Effort::small},
      {"DynamoDB_20120810.PutItem", at_limit, Effort::small},
      {"DynamoDB_20120810.PutItem", at_limit + ' ', Effort::large},
      {"DynamoDB_20120810.PutItem", "", Effort::large, "gzip"},
      {"DynamoDB_20120810.Unknown", at_limit, Effort::small},
      {"DynamoDB_20120810.Unknown", at_limit + ' ', Effort::large},
      {"", at_limit + ' ', Effort::large},
      {"DynamoDB_20120810.Query", R"({"TableName":"t"})", Effort::small},
      {"DynamoDB_20120810.Query", R"({"FilterExpression":"a = b"})", Effort::large},
      {"DynamoDB_20120810.Scan", R"({"ScanFilter":{}})", Effort::large},
      {"DynamoDB_20120810.Scan", R"({"Scan\u0046ilter":{}})", Effort::large},
      {"DynamoDB_20120810.BatchGetItem", "{}", Effort::large},
      {"DynamoDB_20120810.ExecuteStatement", "{}", Effort::large},
      {"DynamoDB_20120810.UpdateTable", "{}", Effort::lengthy},
      {"DynamoDB_20120810.ImportTable", "{}", Effort::lengthy},
      {"DynamoDBStreams_20120810.GetRecords", "{}", Effort::small},
  };
  for (const auto& row : rows) {
    const RequestHead head{.target = row.target, .content_encoding = row.content_encoding};
    EXPECT_EQ(service.effort(head, row.body), row.effort) << row.target << row.body.size();
  }
}

// Why: an item of 195,000 list elements takes 0.1 s to decode, and nothing but its table shows that
// a request reads it. Copies of the table have the same items.
TEST(Service, JudgesRequestsByTheItemsOfTheirTables) {
  Database database(std::make_unique<MemoryEngine>());
  Service service(database);
  const auto call = [&](std::string_view operation, std::string_view body) {
    std::string out;
    EXPECT_EQ(service.call(operation, body, out), 200U) << out;
    return out;
  };
  const auto effort = [&](std::string_view operation, std::string_view body) {
    const std::string target = "DynamoDB_20120810." + std::string(operation);
    return service.effort({.target = target}, body);
  };
  for (const std::string name : {"small", "large"}) {
    call("CreateTable",
         R"({"TableName":")" + name +
             R"(","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"TableName",)"
             R"("KeyType":"HASH"}],"AttributeDefinitions":[{"AttributeName":"TableName",)"
             R"("AttributeType":"S"}]})");
  }
  const auto put = [&](std::string_view table, std::size_t bytes) {
    call("PutItem",
         concat(R"({"TableName":")", table, R"(","Item":{"TableName":{"S":"k"},"s":{"S":")",
                std::string(bytes, 's'), R"("}}})"));
  };
  put("small", 60'000);
  put("large", 60'000);
  const std::string read_large = R"({"Key":{"TableName":{"S":"k"}},"TableName" : "large"})";
  EXPECT_EQ(effort("GetItem", read_large), Effort::small);
  put("large", 70'000);
  const struct {
    const char* operation;
    std::string body;
    Effort effort;
  } rows[] = {
      {"GetItem", read_large, Effort::large},
      {"GetItem", R"({"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table/large"})",
       Effort::large},
      {"GetItem", R"({"Unknown":{"TableName":"small"},"TableName":"large"})", Effort::large},
      {"GetItem", R"({"TableName":"small","Key":{"TableName":{"S":"k"}}})", Effort::small},
      {"GetItem", R"({"TableName":"small","\u0054ableName":"large"})", Effort::large},
      {"Query", R"({"TableName":"large"})", Effort::large},
      {"Query", R"({"TableName":"small"})", Effort::small},
      {"GetItem", R"({"TableName":"arn:aws:dynamodb:us-east-1:000000000000:table\/large"})",
       Effort::large},
      {"BatchWriteItem", R"({"RequestItems":{"small":[], "large" : []}})", Effort::large},
      {"BatchWriteItem", R"({"RequestItems":{"small":[{"PutRequest":{}}]}})", Effort::small},
      {"BatchWriteItem", R"([:[":[)", Effort::small},
      {"DescribeTable", R"({"TableName":"large"})", Effort::small},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(effort(row.operation, row.body), row.effort) << row.operation << row.body;
  }
  const std::string backup = call("CreateBackup", R"({"TableName":"large","BackupName":"name"})");
  const auto arn_begin = backup.find("arn:");
  const std::string arn = backup.substr(arn_begin, backup.find('"', arn_begin) - arn_begin);
  call("RestoreTableFromBackup",
       concat(R"({"TargetTableName":"restored","BackupArn":")", arn, "\"}"));
  EXPECT_EQ(effort("GetItem", R"({"TableName":"restored"})"), Effort::large);
}

}  // namespace
}  // namespace pageturner
