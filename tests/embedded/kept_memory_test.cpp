// Why: requests leave records behind: backups, exports, imports, closed streams, settings, tokens
// of transactions. Without a bound a client fills the memory with them, whatever the ceiling says.
// Each kind must count against the ceiling, keep only what DynamoDB knows, or have a maximum.
// Source: docs/security.md, "What is kept".
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pageturner/emulator.h"

namespace pageturner {
namespace {

namespace json = boost::json;

constexpr std::size_t ceiling = 1'000'000;

class KeptMemory : public testing::Test {
 protected:
  KeptMemory() { restart(); }
  void restart() {
    emulator_.emplace(
        EmulatorOptions{.http = false, .stream_shards = 1000, .max_memory_bytes = ceiling});
  }

  std::string call(const std::string& operation, const std::string& body, unsigned status = 200) {
    Response response = emulator_->call(operation, body);
    EXPECT_EQ(response.http_status, status) << operation << ' ' << response.body.substr(0, 500);
    return std::move(response.body);
  }

  static std::string keys() {
    return R"("BillingMode":"PAY_PER_REQUEST",
      "AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],
      "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}])";
  }
  void create_table(const std::string& name, const std::string& more = "") {
    call("CreateTable", R"({"TableName":")" + name + "\"," + keys() + more + "}");
  }
  void create_table_with_recovery() {
    create_table("Table");
    call("UpdateContinuousBackups", R"({"TableName":"Table","PointInTimeRecoverySpecification":
         {"PointInTimeRecoveryEnabled":true}})");
  }

  static std::string import_of(const std::string& table, const std::string& more = "",
                               const std::string& creation = "") {
    return R"({"S3BucketSource":{"S3Bucket":"missing"},"InputFormat":"CSV",
        "TableCreationParameters":{"TableName":")" +
           table + "\"," + keys() + creation + "}" + more + "}";
  }
  static std::string export_with(const std::string& more) {
    return R"({"TableArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Table",
        "S3Bucket":"missing")" +
           more + "}";
  }
  static std::string transaction(const std::string& token, const std::string& key) {
    return R"({"ClientRequestToken":")" + token +
           R"(","TransactItems":[{"Delete":{"TableName":"Table","Key":{"pk":{"S":")" + key +
           R"("}}}}]})";
  }

  // Returns the value of the member `name`, a string, of a response.
  static std::string member(const std::string& response, const std::string& name) {
    const std::string mark = "\"" + name + "\":\"";
    const auto begin = response.find(mark) + mark.size();
    return response.substr(begin, response.find('"', begin) - begin);
  }

  std::optional<Emulator> emulator_;
};

// 40 requests with 15 MB of members that the service does not know took 600 MB for ever.
TEST_F(KeptMemory, RecordsHaveKnownMembersOnly) {
  create_table_with_recovery();
  const std::string junk = R"("junk":")" + std::string(100'000, 'x') + "\"";
  const std::string element = R"(,"AttributeDefinitions":[{"AttributeName":"pk",)" + junk +
                              R"(,"AttributeType":"S"}],"Tags":[{)" + junk + "}]";
  const std::string options =
      R"(,"InputFormatOptions":{)" + junk + R"(,"Csv":{"Delimiter":";",)" + junk + "}}," + junk;
  for (int i = 0; i < 40; ++i) {
    const std::string import =
        call("ImportTable", import_of("Imported", options, element + "," + junk));
    const std::string described =
        call("DescribeImport", R"({"ImportArn":")" + member(import, "ImportArn") + "\"}");
    EXPECT_EQ(described.find("junk"), std::string::npos);
    EXPECT_NE(described.find(R"("InputFormatOptions":{"Csv":{"Delimiter":";"}})"),
              std::string::npos);
    call("ExportTableToPointInTime", export_with("," + junk));
  }
  // The request that a token belongs to is compared by what is kept.
  const std::string token = R"(,"ClientToken":"token")";
  const std::string first = call("ExportTableToPointInTime", export_with(token + "," + junk));
  const std::string second = call("ExportTableToPointInTime", export_with(token));
  EXPECT_EQ(member(first, "ExportArn"), member(second, "ExportArn"));
}

// Each of these requests leaves a record. Repeated, they must reach the ceiling when the records
// fill it, with the error of a request that copies a table.
TEST_F(KeptMemory, CountsRecords) {
  const std::string text = std::string(10'000, 'x');
  const auto numbered = [](const char* name, int i) { return name + std::to_string(i); };
  const struct {
    const char* what;
    int accepted_max;
    std::function<void(int)> prepare;
    std::function<std::pair<std::string, std::string>(int)> request;
  } rows[] = {
      {"exports",
       100,
       {},
       [&](int i) {
         return std::pair("ExportTableToPointInTime",
                          export_with(R"(,"ClientToken":")" + numbered("t", i) + text + "\""));
       }},
      {"imports",
       100,
       {},
       [&](int i) {
         return std::pair("ImportTable",
                          import_of("New", R"(,"ClientToken":")" + numbered("t", i) + text + "\""));
       }},
      {"backups",
       3000,
       {},
       [&](int) {
         return std::pair("CreateBackup",
                          R"({"TableName":"Table","BackupName":")" + std::string(255, 'b') + "\"}");
       }},
      {"versions of a table that backups keep", 100,
       [&](int i) {
         emulator_->call("PutResourcePolicy",
                         R"({"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Table",
                 "Policy":"{\"Statement\":[\")" +
                             numbered("s", i) + text + R"(\"]}"})");
       },
       [&](int) {
         return std::pair("CreateBackup", R"({"TableName":"Table","BackupName":"backup"})");
       }},
      {"tables",
       100,
       {},
       [&](int i) {
         return std::pair("CreateTable", R"({"TableName":")" + numbered("New", i) + "\"," + keys() +
                                             R"(,"ResourcePolicy":"{\"Statement\":[\")" + text +
                                             R"(\"]}"})");
       }},
      {"closed streams of 1,000 shards", 10,
       [&](int i) {
         if (i > 0) call("DeleteTable", R"({"TableName":"Streamed"})");
       },
       [&](int) {
         return std::pair("CreateTable", R"({"TableName":"Streamed",)" + keys() +
                                             R"(,"StreamSpecification":{"StreamEnabled":true,
                                  "StreamViewType":"KEYS_ONLY"}})");
       }},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.what);
    restart();
    create_table_with_recovery();
    int accepted = 0;
    Response last;
    for (; accepted <= row.accepted_max; ++accepted) {
      if (row.prepare) row.prepare(accepted);
      const auto [operation, body] = row.request(accepted);
      last = emulator_->call(operation, body);
      if (last.http_status != 200) break;
    }
    EXPECT_GT(accepted, row.accepted_max / 4);
    EXPECT_LE(accepted, row.accepted_max);
    EXPECT_NE(last.body.find("#LimitExceededException"), std::string::npos) << last.body;
    EXPECT_NE(last.body.find("the memory ceiling of 1000000 bytes"), std::string::npos);
  }
}

TEST_F(KeptMemory, CountsSettingsOfClosedStreams) {
  create_table("Table", R"(,"StreamSpecification":{"StreamEnabled":true,
      "StreamViewType":"KEYS_ONLY"})");
  const std::string arn =
      member(call("DescribeTable", R"({"TableName":"Table"})"), "LatestStreamArn");
  call("DeleteTable", R"({"TableName":"Table"})");
  const auto policy = [&](std::size_t bytes) {
    return R"({"ResourceArn":")" + arn + R"(","Policy":"{\"Statement\":[\")" +
           std::string(bytes, 'x') + R"(\"]}"})";
  };
  call("PutResourcePolicy", policy(10'000));
  create_table("Full");
  for (int size : {100'000, 1000, 0}) {
    int i = 0;
    while (emulator_
               ->call("PutItem", R"({"TableName":"Full","Item":{"pk":{"S":")" +
                                     std::to_string(size) + ' ' + std::to_string(i) +
                                     R"("},"text":{"S":")" + std::string(size, 'x') + R"("}}})")
               .http_status == 200) {
      ++i;
    }
  }
  call("PutResourcePolicy", policy(11'000), 400);
  call("PutResourcePolicy", policy(9000));
  call("DeleteResourcePolicy", R"({"ResourceArn":")" + arn + "\"}");
}

// Tokens may exceed the ceiling by a sixteenth, so that SDKs, which send a token with every
// transaction, can delete where the data has reached it.
TEST_F(KeptMemory, CountsTokensOfTransactions) {
  create_table("Table");
  int items = 0;
  while (emulator_
             ->call("PutItem", R"({"TableName":"Table","Item":{"pk":{"S":")" +
                                   std::to_string(items) + R"("},"text":{"S":")" +
                                   std::string(100'000, 'x') + R"("}}})")
             .http_status == 200) {
    ++items;
  }
  ASSERT_GT(items, 5);
  const auto fill = [&](const std::string& name) {
    constexpr int too_many = 20'000;
    int accepted = 0;
    Response last;
    for (; accepted < too_many; ++accepted) {
      last = emulator_->call("TransactWriteItems",
                             transaction(name + std::to_string(accepted), "absent"));
      if (last.http_status != 200) break;
    }
    EXPECT_LT(accepted, too_many);
    EXPECT_NE(last.body.find("specific reasons [ItemCollectionSizeLimitExceeded]"),
              std::string::npos)
        << last.body;
    return accepted;
  };
  const int at_first = fill("first");
  EXPECT_GT(at_first, 500);
  // A token that is kept is answered; the space of a deleted item is enough for more tokens.
  call("TransactWriteItems", transaction("first0", "absent"));
  call("DeleteItem", R"({"TableName":"Table","Key":{"pk":{"S":"0"}}})");
  EXPECT_GT(fill("second"), 300);
  call("TransactWriteItems", transaction("third", "1"), 400);
  call("DeleteItem", R"({"TableName":"Table","Key":{"pk":{"S":"1"}}})");
  call("TransactWriteItems", transaction("third", "2"));
}

// All memory of records is free again when they are deleted.
TEST_F(KeptMemory, DeletedRecordsFreeTheirMemory) {
  create_table("Table");
  const std::string backup = R"({"TableName":"Table","BackupName":"backup"})";
  std::vector<std::string> arns;
  const auto fill = [&] {
    arns.clear();
    for (Response response;
         (response = emulator_->call("CreateBackup", backup)).http_status == 200;)
      arns.push_back(member(response.body, "BackupArn"));
    return arns.size();
  };
  const std::size_t first = fill();
  EXPECT_GT(first, 100u);
  for (const std::string& arn : arns) call("DeleteBackup", R"({"BackupArn":")" + arn + "\"}");
  EXPECT_EQ(fill(), first);
}

TEST_F(KeptMemory, ChangesThatNeedNoMoreAreAcceptedAtTheCeiling) {
  create_table("Table", R"(,"Tags":[{"Key":"key","Value":")" + std::string(200, 'v') + R"("}],
      "DeletionProtectionEnabled":true)");
  while (emulator_->call("CreateBackup", R"({"TableName":"Table","BackupName":"backup"})")
             .http_status == 200) {
  }
  call("UpdateTable", R"({"TableName":"Table","DeletionProtectionEnabled":false})");
  const std::string arn =
      R"({"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Table",)";
  call("UntagResource", arn + R"("TagKeys":["key"]})");
  call("TagResource", arn + R"("Tags":[{"Key":"key","Value":")" + std::string(200, 'v') + R"("}]})",
       400);
  call("DeleteTable", R"({"TableName":"Table"})");
}

TEST_F(KeptMemory, ATableKeepsTheLastKinesisDestinations) {
  create_table("Table");
  const auto destination = [](int i) {
    return R"({"TableName":"Table","StreamArn":"arn:aws:kinesis:us-east-1:000000000000:stream/)" +
           std::to_string(i) + "\"}";
  };
  constexpr int count = 150;
  for (int i = 0; i < count; ++i) {
    call("EnableKinesisStreamingDestination", destination(i));
    call("DisableKinesisStreamingDestination", destination(i));
  }
  const json::value described =
      json::parse(call("DescribeKinesisStreamingDestination", R"({"TableName":"Table"})"));
  const json::array& kept = described.at("KinesisDataStreamDestinations").as_array();
  ASSERT_EQ(kept.size(), 100u);
  EXPECT_TRUE(kept.back().at("StreamArn").as_string().ends_with("/149"));
}

}  // namespace
}  // namespace pageturner
