// Why: tests inside a program also use exported real data, and an export must be a consistent
// snapshot of its table despite concurrent writes.
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <filesystem>
#include <thread>

#include "pageturner/emulator.h"

namespace pageturner {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class Transfers : public testing::Test {
 protected:
  Transfers()
      : root_(fs::temp_directory_path() / ("pageturner-" + std::to_string(getpid()))),
        emulator_({.http = false, .s3_root = root_.string()}) {
    fs::create_directories(root_ / "bucket");
  }
  ~Transfers() override { fs::remove_all(root_); }

  json::object call(const std::string& operation, const std::string& body) {
    const Response response = emulator_.call(operation, body);
    EXPECT_EQ(response.http_status, 200u) << operation << response.body;
    return response.body.empty() ? json::object() : json::parse(response.body).as_object();
  }

  // Sets both items of the pair to `number`, in one transaction.
  void write_pair(int number) {
    const auto put = [&](const char* key) {
      return R"({"Put":{"TableName":"Pairs","Item":{"pk":{"S":")" + std::string(key) +
             R"("},"n":{"N":")" + std::to_string(number) + R"("}}}})";
    };
    call("TransactWriteItems", R"({"TransactItems":[)" + put("left") + "," + put("right") + "]}");
  }

  const fs::path root_;
  Emulator emulator_;
};

TEST_F(Transfers, AnExportIsAConsistentSnapshot) {
  const std::string keys = R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "BillingMode":"PAY_PER_REQUEST")";
  call("CreateTable", R"({"TableName":"Pairs",)" + keys + "}");
  call("UpdateContinuousBackups", R"({"TableName":"Pairs","PointInTimeRecoverySpecification":{
       "PointInTimeRecoveryEnabled":true}})");
  write_pair(0);
  std::atomic<bool> is_done = false;
  std::thread writer([&] {
    for (int number = 1; !is_done; ++number) write_pair(number);
  });
  for (int round = 0; round < 20; ++round) {
    const json::object exported = call("ExportTableToPointInTime", R"({"S3Bucket":"bucket",
             "TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Pairs"})");
    const std::string arn(exported.at("ExportDescription").at("ExportArn").as_string());
    const std::string copy = "Copy" + std::to_string(round);
    call("ImportTable", R"({"S3BucketSource":{"S3Bucket":"bucket","S3KeyPrefix":"AWSDynamoDB/)" +
                            arn.substr(arn.rfind('/') + 1) +
                            R"(/data/"},"InputFormat":"DYNAMODB_JSON","InputCompressionType":"GZIP",
                            "TableCreationParameters":{"TableName":")" +
                            copy + "\"," + keys + "}}");
    const json::object page = call("Scan", R"({"TableName":")" + copy + "\"}");
    const json::array& items = page.at("Items").as_array();
    ASSERT_EQ(items.size(), 2u);
    EXPECT_EQ(items[0].at("n"), items[1].at("n"));
  }
  is_done = true;
  writer.join();
}

}  // namespace
}  // namespace pageturner
