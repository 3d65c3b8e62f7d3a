// Why: a server in a container with little memory must reject writes before the kernel kills it,
// and must still serve reads and deletes. Source: the contract of
// EmulatorOptions::max_memory_bytes; docs/differences.md.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "pageturner/emulator.h"

namespace pageturner {
namespace {

constexpr const char* item_error =
    "com.amazonaws.dynamodb.v20120810#ItemCollectionSizeLimitExceededException";
constexpr const char* table_error = "com.amazonaws.dynamodb.v20120810#LimitExceededException";

class MemoryCeiling : public testing::Test {
 protected:
  static constexpr std::size_t ceiling = 1'000'000;

  Emulator emulator_{
      EmulatorOptions{.http = false, .s3_root = testing::TempDir(), .max_memory_bytes = ceiling}};

  std::string create_table(const std::string& name, const std::string& more = "") {
    return R"({"TableName":")" + name + R"(","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}])" +
           more + "}";
  }

  std::string item(const std::string& pk, std::size_t bytes) {
    return R"({"pk":{"S":")" + pk + R"("},"text":{"S":")" + std::string(bytes, 'x') + R"("}})";
  }

  Response put(const std::string& pk, std::size_t bytes, const std::string& table = "Full") {
    return emulator_.call("PutItem",
                          R"({"TableName":")" + table + R"(","Item":)" + item(pk, bytes) + "}");
  }

  void expect_done(std::string_view operation, const std::string& body) {
    const Response response = emulator_.call(operation, body);
    EXPECT_EQ(response.http_status, 200u) << operation << ' ' << response.body;
  }

  void expect_refused(const char* error, std::string_view operation, const std::string& body) {
    const Response response = emulator_.call(operation, body);
    EXPECT_EQ(response.http_status, 400u) << operation;
    EXPECT_NE(response.body.find(error), std::string::npos) << operation << ' ' << response.body;
    EXPECT_NE(response.body.find("the memory ceiling of 1000000 bytes"), std::string::npos)
        << response.body;
  }

  // Fills the table Full with items of 100 KB until one is rejected. Some free memory is left.
  void fill(const std::string& more = "") {
    ASSERT_EQ(emulator_.call("CreateTable", create_table("Full", more)).http_status, 200u);
    while (put(std::to_string(items_), 100'000).http_status == 200) ++items_;
  }

  void enable_recovery() {
    expect_done("UpdateContinuousBackups",
                R"({"TableName":"Full","PointInTimeRecoverySpecification":
                    {"PointInTimeRecoveryEnabled":true}})");
  }

  std::string describe_full() {
    return emulator_.call("DescribeTable", R"({"TableName":"Full"})").body;
  }

  std::size_t items_ = 0;
};

TEST_F(MemoryCeiling, RejectsEveryWriteThatNeedsMore) {
  fill();
  EXPECT_EQ(items_, 9u);
  const std::string new_item = item("new", 100'000);
  const std::string statement =
      R"("INSERT INTO \"Full\" VALUE {'pk':'new','text':?}","Parameters":[{"S":")" +
      std::string(100'000, 'x') + R"("}])";
  expect_refused(item_error, "PutItem", R"({"TableName":"Full","Item":)" + new_item + "}");
  expect_refused(item_error, "UpdateItem",
                 R"({"TableName":"Full","Key":{"pk":{"S":"0"}},"UpdateExpression":"SET more = :m",
                     "ExpressionAttributeValues":{":m":{"S":")" +
                     std::string(100'000, 'x') + R"("}}})");
  expect_refused(item_error, "BatchWriteItem",
                 R"({"RequestItems":{"Full":[{"PutRequest":{"Item":)" + new_item + "}}]}}");
  expect_refused(item_error, "ExecuteStatement", R"({"Statement":)" + statement + "}");
  // The response carries the error as a code, as in the API reference.
  expect_refused(R"("Code":"ItemCollectionSizeLimitExceeded")", "TransactWriteItems",
                 R"({"TransactItems":[{"Put":{"TableName":"Full","Item":)" + new_item + "}}]}");
  const Response batch = emulator_.call("BatchExecuteStatement",
                                        R"({"Statements":[{"Statement":)" + statement + "}]}");
  EXPECT_EQ(batch.http_status, 200u);
  EXPECT_NE(batch.body.find(R"("Error":{"Code":"ItemCollectionSizeLimitExceeded","Message":)"),
            std::string::npos)
      << batch.body;
  EXPECT_NE(describe_full().find(R"("ItemCount":9)"), std::string::npos);
}

TEST_F(MemoryCeiling, TransactionsReportTheRejectedActions) {
  fill();
  const Response response = emulator_.call(
      "TransactWriteItems",
      R"({"TransactItems":[{"Put":{"TableName":"Full","Item":)" + item("new", 100'000) +
          R"json(}},{"ConditionCheck":{"TableName":"Full","Key":{"pk":{"S":"0"}},
             "ConditionExpression":"attribute_exists(pk)"}}]})json");
  EXPECT_NE(response.body.find("specific reasons [ItemCollectionSizeLimitExceeded, None]"),
            std::string::npos)
      << response.body;
  // A transaction that frees as much memory as it needs is accepted.
  expect_done("TransactWriteItems",
              R"({"TransactItems":[{"Put":{"TableName":"Full","Item":)" + item("new", 99'000) +
                  R"(}},{"Delete":{"TableName":"Full","Key":{"pk":{"S":"0"}}}}]})");
}

TEST_F(MemoryCeiling, AcceptsReadsDeletesAndShorterItems) {
  fill();
  expect_done("GetItem", R"({"TableName":"Full","Key":{"pk":{"S":"0"}}})");
  expect_done("Scan", R"({"TableName":"Full"})");
  EXPECT_EQ(put("0", 100'000).http_status, 200u) << "the same again";
  EXPECT_EQ(put("0", 50'000).http_status, 200u) << "a shorter one";
  EXPECT_EQ(put("small", 10'000).http_status, 200u) << "in the room that it left";
  EXPECT_EQ(put("new", 200'000).http_status, 400u);
  expect_done("DeleteItem", R"({"TableName":"Full","Key":{"pk":{"S":"1"}}})");
  EXPECT_EQ(put("new", 200'000).http_status, 200u);
  expect_done("DeleteTable", R"({"TableName":"Full"})");
  items_ = 0;
  fill();
  EXPECT_EQ(items_, 9u) << "all of it is there again";
}

TEST_F(MemoryCeiling, CountsIndexesAndStreams) {
  const std::string index = R"(,"GlobalSecondaryIndexes":[{"IndexName":"index",
    "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}])";
  const std::string stream =
      R"(,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_IMAGE"})";
  fill(index + stream);
  EXPECT_EQ(items_, 3u);
}

TEST_F(MemoryCeiling, CountsBackups) {
  expect_done("CreateTable", create_table("Full"));
  EXPECT_EQ(put("0", 400'000).http_status, 200u);
  const Response backup =
      emulator_.call("CreateBackup", R"({"TableName":"Full","BackupName":"backup"})");
  ASSERT_EQ(backup.http_status, 200u);
  // The backup and the table share the item until it is replaced.
  EXPECT_EQ(put("0", 350'000).http_status, 200u);
  EXPECT_EQ(put("1", 300'000).http_status, 400u);
  constexpr std::string_view mark = R"("BackupArn":")";
  const auto begin = backup.body.find(mark) + mark.size();
  const std::string arn = R"({"BackupArn":")" +
                          backup.body.substr(begin, backup.body.find('"', begin) - begin) + R"(")";
  expect_done("RestoreTableFromBackup", arn + R"(,"TargetTableName":"Copy"})");
  expect_done("DeleteBackup", arn + "}");
  EXPECT_EQ(put("1", 300'000).http_status, 400u) << "the restored table has the old item";
  expect_done("DeleteTable", R"({"TableName":"Copy"})");
  EXPECT_EQ(put("1", 300'000).http_status, 200u);
}

// A delete adds a stream record, which with OLD_IMAGE is as large as the item.
TEST_F(MemoryCeiling, AcceptsDeletesWithAStream) {
  fill(R"(,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"OLD_IMAGE"})");
  EXPECT_EQ(items_, 9u);
  for (std::size_t i = 0; i < items_; ++i) {
    expect_done("DeleteItem",
                R"({"TableName":"Full","Key":{"pk":{"S":")" + std::to_string(i) + R"("}}})");
  }
  EXPECT_EQ(put("new", 100'000).http_status, 400u) << "the records are kept for a day";
}

TEST_F(MemoryCeiling, RejectsTablesAndIndexes) {
  fill();
  enable_recovery();
  const std::string before = describe_full();
  expect_refused(table_error, "UpdateTable",
                 R"({"TableName":"Full","AttributeDefinitions":[
                     {"AttributeName":"pk","AttributeType":"S"}],
                     "GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"index",
                       "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
                       "Projection":{"ProjectionType":"ALL"}}}]})");
  EXPECT_EQ(describe_full(), before) << "an index that found no room leaves no trace";
  // The memory of the incomplete index has been freed.
  EXPECT_EQ(put("small", 90'000).http_status, 200u);

  // A new table is accepted only if its description fits.
  while (put("small" + std::to_string(items_), 0).http_status == 200) ++items_;
  expect_refused(table_error, "CreateTable", create_table("Empty"));
  EXPECT_EQ(put("small", 80'000).http_status, 200u);
  expect_done("CreateTable", create_table("Empty"));
  EXPECT_EQ(put("item", 0, "Empty").http_status, 200u);
  EXPECT_EQ(put("0", 100'000).http_status, 200u);
}

// A copy of a table takes memory only where the two differ.
TEST_F(MemoryCeiling, AcceptsCopiesOfTables) {
  fill();
  enable_recovery();
  expect_done("CreateBackup", R"({"TableName":"Full","BackupName":"backup"})");
  expect_done("RestoreTableToPointInTime",
              R"({"SourceTableName":"Full","TargetTableName":"Copy",
                  "UseLatestRestorableTime":true})");
  EXPECT_EQ(put("0", 100'000).http_status, 400u) << "the old item stays in the copies";
  expect_done("DeleteItem", R"({"TableName":"Full","Key":{"pk":{"S":"0"}}})");
}

TEST_F(MemoryCeiling, RejectsImports) {
  const std::filesystem::path bucket = std::filesystem::path(testing::TempDir()) / "full-bucket";
  std::filesystem::create_directories(bucket);
  {
    std::ofstream file(bucket / "items.json");
    for (int i = 0; i < 11; ++i) {
      file << R"({"Item":)" << item(std::to_string(i), 100'000) << "}\n";
    }
  }
  const std::string request = R"({"S3BucketSource":{"S3Bucket":"full-bucket"},
    "InputFormat":"DYNAMODB_JSON","TableCreationParameters":)" +
                              create_table("Imported") + "}";
  expect_refused(table_error, "ImportTable", request);
  EXPECT_EQ(emulator_.call("ListTables", "{}").body, R"({"TableNames":[]})");
  fill();
  EXPECT_EQ(items_, 9u) << "nothing of it is left";
  enable_recovery();
  expect_done("ExportTableToPointInTime",
              R"({"TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Full",
                  "S3Bucket":"full-bucket"})");
  std::filesystem::remove_all(bucket);
}

// The items are stored a megabyte at a time, so some are when the ceiling is reached.
TEST(MemoryCeilingOfImports, LeavesNoPartOfATable) {
  const std::filesystem::path bucket = std::filesystem::path(testing::TempDir()) / "long-bucket";
  std::filesystem::create_directories(bucket);
  const auto write = [&](const char* file, int items) {
    std::ofstream out(bucket / file);
    for (int i = 0; i < items; ++i) {
      out << R"({"Item":{"pk":{"S":")" << i << R"("},"text":{"S":")" << std::string(100'000, 'x')
          << "\"}}}\n";
    }
  };
  write("fits", 30);
  write("too-long", 50);
  Emulator emulator(
      EmulatorOptions{.http = false, .s3_root = testing::TempDir(), .max_memory_bytes = 3'500'000});
  const auto import_files = [&](const std::string& prefix) {
    return emulator.call("ImportTable", R"({"S3BucketSource":{"S3Bucket":"long-bucket",
      "S3KeyPrefix":")" + prefix + R"("},"InputFormat":"DYNAMODB_JSON","TableCreationParameters":{
      "TableName":"Imported","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]}})");
  };
  for (int round = 0; round < 3; ++round) {
    const Response refused = import_files("too-long");
    EXPECT_EQ(refused.http_status, 400u);
    EXPECT_NE(refused.body.find(table_error), std::string::npos) << refused.body;
  }
  EXPECT_EQ(emulator.call("ListTables", "{}").body, R"({"TableNames":[]})");
  EXPECT_EQ(import_files("fits").http_status, 200u) << "nothing of the others is left";
  std::filesystem::remove_all(bucket);
}

TEST(NoMemoryCeiling, AcceptsAllWrites) {
  Emulator emulator(EmulatorOptions{.http = false});
  ASSERT_EQ(emulator
                .call("CreateTable", R"({"TableName":"Tab","BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})")
                .http_status,
            200u);
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(
        emulator
            .call("PutItem", R"({"TableName":"Tab","Item":{"pk":{"S":")" + std::to_string(i) +
                                 R"("},"text":{"S":")" + std::string(300'000, 'x') + R"("}}})")
            .http_status,
        200u);
  }
}

}  // namespace
}  // namespace pageturner
