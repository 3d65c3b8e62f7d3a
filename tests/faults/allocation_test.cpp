// Why: a server at its memory limit must lose nothing. Whichever allocation of a request fails, the
// process survives, the response is a success or InternalServerError, the data is consistent
// (database_check.h), the write is made completely or not at all, and no lock is left behind: the
// same request succeeds afterwards. Each case runs with every allocation failing in turn, once
// alone and once with all that follow it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <memory>
#include <new>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>

#include "server/service.h"
#include "storage/expiry_sweep.h"
#include "tests/faults/allocation_fault.h"
#include "tests/faults/stored_state.h"
#include "tests/fuzz/database_check.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {

void require(bool holds, std::string_view what) { EXPECT_TRUE(holds) << what; }

namespace {

namespace fs = std::filesystem;

constexpr std::int64_t start_milliseconds = 1'700'000'000'000;
constexpr std::int64_t day_milliseconds = 86'400'000;

struct SetupSpec {
  const char* operation;
  const char* body;
};

// "Tbl" has indexes of each kind, a stream and a time to live; "Hash" has none of them.
constexpr SetupSpec setup[] = {
    {"CreateTable",
     R"({"TableName":"Tbl","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
         {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},
         {"AttributeName":"l","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
         "KeySchema":[
         {"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
         "LocalSecondaryIndexes":[{"IndexName":"Loc","KeySchema":[
         {"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}],
         "Projection":{"ProjectionType":"KEYS_ONLY"}}],
         "GlobalSecondaryIndexes":[{"IndexName":"Glo","KeySchema":[
         {"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
         "Projection":{"ProjectionType":"ALL"}}],
         "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}})"},
    {"UpdateTimeToLive", R"({"TableName":"Tbl","TimeToLiveSpecification":{
         "Enabled":true,"AttributeName":"expires"}})"},
    {"CreateTable",
     R"({"TableName":"Hash","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
         {"AttributeName":"pk","AttributeType":"S"}],
         "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})"},
    {"BatchWriteItem", R"({"RequestItems":{"Tbl":[
         {"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"N":"1"},"l":{"S":"a"},"g":{"S":"x"},
         "n":{"N":"5"},"expires":{"N":"1699999000"},
         "m":{"M":{"x":{"N":"1"},"in":{"M":{"y":{"S":"deep"}}}}}}}},
         {"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"N":"2"},"l":{"S":"b"},"g":{"S":"x"},
         "expires":{"N":"1699999100"},"list":{"L":[{"S":"a"},{"N":"1"}]},"ss":{"SS":["a"]}}}},
         {"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"N":"3"},"t":{"BOOL":true}}}},
         {"PutRequest":{"Item":{"pk":{"S":"q"},"sk":{"N":"1"},"g":{"S":"y"},"l":{"S":"c"}}}}],
         "Hash":[{"PutRequest":{"Item":{"pk":{"S":"k"},"s":{"S":"a text that has its own memory"},
         "n":{"N":"1"}}}},{"PutRequest":{"Item":{"pk":{"S":"h"},"n":{"N":"2"}}}}]}})"}};

// The value of a member of a response: the text behind "<name>":".
std::string text_of(const std::string& response, const std::string& name) {
  const std::string mark = "\"" + name + "\":\"";
  const auto begin = response.find(mark);
  if (begin == std::string::npos) throw std::runtime_error("no " + name + " in " + response);
  return response.substr(begin + mark.size(),
                         response.find('"', begin + mark.size()) - begin - mark.size());
}

// The folder that replaces S3, with a file to import.
class S3 {
 public:
  S3() {
    fs::create_directories(root_ / "bucket");
    std::ofstream(root_ / "bucket" / "data.json")
        << R"({"Item":{"pk":{"S":"a"},"g":{"S":"x"},"text":{"S":"a text with its own memory"}}})"
        << "\n"
        << R"({"Item":{"pk":{"S":"b"},"n":{"N":"1"}}})"
        << "\n";
  }
  ~S3() { fs::remove_all(root_); }
  S3(const S3&) = delete;
  S3& operator=(const S3&) = delete;

  std::string root() const { return root_.string(); }

 private:
  const fs::path root_ =
      fs::temp_directory_path() / ("pageturner-faults-" + std::to_string(getpid()));
};

// A database with the tables above, and a service on it.
class Server {
 public:
  Server() {
    for (const SetupSpec& row : setup) run(row.operation, row.body);
  }

  unsigned call(std::string_view operation, std::string_view body, std::string& out) {
    return service_.call(operation, body, out);
  }
  // As call(), for a request that must succeed. Returns the response.
  std::string run(std::string_view operation, std::string_view body) {
    std::string out;
    EXPECT_EQ(call(operation, body, out), 200u) << operation << " " << out;
    return out;
  }

  Database& database() { return database_; }
  // Moves the clock of the streams.
  void wait(std::int64_t milliseconds) { now_milliseconds_ += milliseconds; }

 private:
  static std::string s3_root() {
    static const S3 s3;
    return s3.root();
  }

  std::int64_t now_milliseconds_ = start_milliseconds;
  Database database_{{.streams = {.shards = 2, .clock = [this] { return now_milliseconds_; }}}};
  Service service_{database_, {.s3_root = s3_root()}};
};

// What a failed attempt may leave behind.
enum class Kind {
  read,   // nothing; a response of 200 is complete
  whole,  // the state before or after the request
  token,  // the same, and a repetition is successful and changes nothing more
  parts,  // a part of the request
};

struct Case {
  const char* name;
  Kind kind;
  const char* operation;  // nullptr: `step` is run
  // The body of the request. $X is what `prepare` returned.
  std::string body;
  std::function<std::string(Server&)> prepare = nullptr;
  // Something that is no request. May throw std::bad_alloc.
  std::function<void(Server&)> step = nullptr;
};

void PrintTo(const Case& tested, std::ostream* out) { *out << tested.name; }

std::string with_prepared(std::string body, const std::string& prepared) {
  const auto at = body.find("$X");
  return at == std::string::npos ? body : body.replace(at, 2, prepared);
}

struct Attempt {
  bool was_hit = false;
  unsigned status = 0;  // 0: there was no memory for a response
  std::string response;
};

class FailingAllocations : public testing::TestWithParam<Case> {
 protected:
  // Makes a server on which the request can be run.
  void renew() {
    server_ = std::make_unique<Server>();
    const Case& tested = GetParam();
    body_ = with_prepared(tested.body, tested.prepare ? tested.prepare(*server_) : "");
  }

  // Runs the request with the given fault, on a thread whose caches are empty.
  Attempt attempt(std::size_t number, FaultMode mode) {
    Attempt result;
    std::thread([&] {
      const AllocationFault fault(number, mode);
      try {
        if (GetParam().operation != nullptr) {
          result.status = server_->call(GetParam().operation, body_, result.response);
        } else {
          GetParam().step(*server_);
          result.status = 200;
        }
      } catch (const std::bad_alloc&) {
      }
      result.was_hit = fault.was_hit();
    }).join();
    return result;
  }

  // A table that was imported is listed as an import.
  std::string state() {
    const std::string imports = server_->run("ListImports", "{}");
    const bool has_import = imports.find("ImportArn") != std::string::npos;
    return stored_state(server_->database()) + (has_import ? "an import\n" : "");
  }

  void check() {
    check_database(server_->database());
    check_streams(server_->database());
  }

  // Checks what an attempt with a fault left behind.
  void check_attempt(const Attempt& made, const std::string& before, const Attempt& expected,
                     const std::string& after) {
    const Kind kind = GetParam().kind;
    check();
    EXPECT_TRUE(made.status == 0 || made.status == 200 || made.status == 500) << made.status;
    const std::string now = state();
    if (kind == Kind::read) {
      EXPECT_EQ(now, before);
      if (made.status == 200) {
        EXPECT_EQ(made.response, expected.response);
      }
    } else if (kind != Kind::parts) {
      EXPECT_TRUE(now == after || (made.status != 200 && now == before)) << now;
    }
    if (kind == Kind::token) {
      const Attempt repeated = attempt(0, FaultMode::once);
      EXPECT_EQ(repeated.status, 200u) << repeated.response;
      EXPECT_EQ(state(), after);
    }
    if (now != before || kind == Kind::token) renew();
  }

  void run_with_faults(FaultMode mode) {
    renew();
    const std::string before = state();
    const Attempt expected = attempt(0, FaultMode::once);
    ASSERT_EQ(expected.status, 200u) << expected.response;
    check();
    const std::string after = state();
    if (GetParam().kind == Kind::read) {
      ASSERT_EQ(after, before);
    } else {
      renew();
    }
    for (std::size_t number = 1;; ++number) {
      SCOPED_TRACE("allocation " + std::to_string(number) +
                   (mode == FaultMode::once ? " fails" : " and all later ones fail"));
      const Attempt made = attempt(number, mode);
      check_attempt(made, before, expected, after);
      if (HasFailure() || !made.was_hit) return;
    }
  }

  std::unique_ptr<Server> server_;
  std::string body_;
};

TEST_P(FailingAllocations, One) { run_with_faults(FaultMode::once); }
TEST_P(FailingAllocations, AllFromOneOn) { run_with_faults(FaultMode::from); }

std::string stream_arn(Server& server) {
  return text_of(server.run("DescribeTable", R"({"TableName":"Tbl"})"), "LatestStreamArn");
}

std::string shard_iterator(Server& server) {
  const std::string arn = stream_arn(server);
  const std::string shard = text_of(
      server.run("DynamoDBStreams_20120810.DescribeStream", R"({"StreamArn":")" + arn + R"("})"),
      "ShardId");
  return text_of(server.run("DynamoDBStreams_20120810.GetShardIterator",
                            R"({"StreamArn":")" + arn + R"(","ShardId":")" + shard +
                                R"(","ShardIteratorType":"TRIM_HORIZON"})"),
                 "ShardIterator");
}

std::string made_backup(Server& server) {
  return text_of(server.run("CreateBackup", R"({"TableName":"Tbl","BackupName":"Back"})"),
                 "BackupArn");
}

std::string with_recovery(Server& server) {
  return server.run("UpdateContinuousBackups", R"({"TableName":"Tbl",
      "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}})");
}

void sweep(Server& server) {
  ExpirySweep pass(server.database(), start_milliseconds);
  while (pass.step()) {
  }
}

const Case cases[] = {
    {"PutNewItem", Kind::whole, "PutItem",
     R"json({"TableName":"Tbl","Item":{"pk":{"S":"new"},"sk":{"N":"1"},"l":{"S":"a"},"g":{"S":"x"},
         "expires":{"N":"1699999200"},"s":{"S":"a text that has memory of its own"}},
         "ReturnConsumedCapacity":"INDEXES","ReturnItemCollectionMetrics":"SIZE"})json"},
    {"PutOverItem", Kind::whole, "PutItem",
     R"json({"TableName":"Tbl","Item":{"pk":{"S":"p"},"sk":{"N":"1"},"l":{"S":"z"},"g":{"S":"z"},
         "expires":{"N":"1699999200"}},"ReturnValues":"ALL_OLD",
         "ConditionExpression":"#n = :five AND attribute_exists(m.x)",
         "ExpressionAttributeNames":{"#n":"n"},"ExpressionAttributeValues":{":five":{"N":"5"}}})json"},
    {"UpdateItem", Kind::whole, "UpdateItem",
     R"json({"TableName":"Tbl","Key":{"pk":{"S":"p"},"sk":{"N":"1"}},"ReturnValues":"ALL_NEW",
         "UpdateExpression":"SET g = :g, m.x = if_not_exists(m.x, :n) + :n REMOVE l ADD n :n",
         "ExpressionAttributeValues":{":g":{"S":"moved"},":n":{"N":"1"}}})json"},
    {"UpdateNewItem", Kind::whole, "UpdateItem",
     R"json({"TableName":"Tbl","Key":{"pk":{"S":"new"},"sk":{"N":"1"}},
         "AttributeUpdates":{"g":{"Value":{"S":"x"},"Action":"PUT"},
         "n":{"Value":{"N":"1"},"Action":"ADD"}}})json"},
    {"DeleteItem", Kind::whole, "DeleteItem",
     R"json({"TableName":"Tbl","Key":{"pk":{"S":"p"},"sk":{"N":"2"}},"ReturnValues":"ALL_OLD"})json"},
    {"BatchWriteItem", Kind::parts, "BatchWriteItem",
     R"json({"RequestItems":{"Tbl":[
         {"PutRequest":{"Item":{"pk":{"S":"new"},"sk":{"N":"1"},"l":{"S":"a"},"g":{"S":"x"}}}},
         {"DeleteRequest":{"Key":{"pk":{"S":"p"},"sk":{"N":"1"}}}}],
         "Hash":[{"PutRequest":{"Item":{"pk":{"S":"new"}}}}]}})json"},
    {"TransactWriteItems", Kind::whole, "TransactWriteItems",
     R"json({"TransactItems":[
         {"Put":{"TableName":"Tbl","Item":{"pk":{"S":"new"},"sk":{"N":"1"},"g":{"S":"x"}}}},
         {"Update":{"TableName":"Tbl","Key":{"pk":{"S":"p"},"sk":{"N":"1"}},
         "UpdateExpression":"SET g = :g","ExpressionAttributeValues":{":g":{"S":"moved"}}}},
         {"Delete":{"TableName":"Tbl","Key":{"pk":{"S":"p"},"sk":{"N":"2"}}}},
         {"ConditionCheck":{"TableName":"Hash","Key":{"pk":{"S":"k"}},
         "ConditionExpression":"attribute_exists(s)"}}],"ReturnConsumedCapacity":"INDEXES"})json"},
    {"TransactWriteItemsWithToken", Kind::token, "TransactWriteItems",
     R"json({"ClientRequestToken":"token","TransactItems":[
         {"Update":{"TableName":"Tbl","Key":{"pk":{"S":"p"},"sk":{"N":"1"}},
         "UpdateExpression":"ADD n :n","ExpressionAttributeValues":{":n":{"N":"1"}}}},
         {"Update":{"TableName":"Hash","Key":{"pk":{"S":"k"}},
         "UpdateExpression":"ADD n :n","ExpressionAttributeValues":{":n":{"N":"1"}}}}]})json"},
    {"StatementInsert", Kind::whole, "ExecuteStatement",
     R"json({"Statement":"INSERT INTO Tbl VALUE {'pk':'new','sk':1,'l':'a','g':?}",
         "Parameters":[{"S":"x"}]})json"},
    {"StatementUpdate", Kind::whole, "ExecuteStatement",
     R"json({"Statement":"UPDATE Tbl SET g='moved' SET n=n+1 WHERE pk='p' AND sk=1 RETURNING ALL NEW *"})json"},
    {"StatementDelete", Kind::whole, "ExecuteStatement",
     R"json({"Statement":"DELETE FROM Tbl WHERE pk='p' AND sk=1 RETURNING ALL OLD *"})json"},
    {"BatchExecuteStatement", Kind::parts, "BatchExecuteStatement",
     R"json({"Statements":[{"Statement":"INSERT INTO Tbl VALUE {'pk':'new','sk':1,'g':'x'}"},
         {"Statement":"DELETE FROM Tbl WHERE pk='p' AND sk=1"}]})json"},
    {"ExecuteTransactionWithToken", Kind::token, "ExecuteTransaction",
     R"json({"ClientRequestToken":"token","TransactStatements":[
         {"Statement":"UPDATE Tbl SET n=n+1 WHERE pk='p' AND sk=1"},
         {"Statement":"UPDATE Hash SET n=n+1 WHERE pk='k'"}]})json"},
    {"GetItem", Kind::read, "GetItem",
     R"json({"TableName":"Tbl","Key":{"pk":{"S":"p"},"sk":{"N":"1"}},
         "ProjectionExpression":"m.x, g","ReturnConsumedCapacity":"TOTAL"})json"},
    {"BatchGetItem", Kind::read, "BatchGetItem",
     R"json({"RequestItems":{"Tbl":{"Keys":[{"pk":{"S":"p"},"sk":{"N":"1"}},
         {"pk":{"S":"p"},"sk":{"N":"2"}}]},"Hash":{"Keys":[{"pk":{"S":"k"}}]}}})json"},
    {"TransactGetItems", Kind::read, "TransactGetItems",
     R"json({"TransactItems":[{"Get":{"TableName":"Tbl","Key":{"pk":{"S":"p"},"sk":{"N":"1"}}}},
         {"Get":{"TableName":"Hash","Key":{"pk":{"S":"k"}}}}]})json"},
    {"Query", Kind::read, "Query",
     R"json({"TableName":"Tbl","IndexName":"Loc","Select":"ALL_ATTRIBUTES","Limit":2,
         "KeyConditionExpression":"pk = :p AND l >= :a","FilterExpression":"contains(g, :x)",
         "ExpressionAttributeValues":{":p":{"S":"p"},":a":{"S":"a"},":x":{"S":"x"}},
         "ReturnConsumedCapacity":"INDEXES"})json"},
    {"Scan", Kind::read, "Scan",
     R"json({"TableName":"Tbl","ProjectionExpression":"pk, m.#in.y","FilterExpression":
         "attribute_exists(l) OR sk IN (:one, :three)","ExpressionAttributeNames":{"#in":"in"},
         "ExpressionAttributeValues":{":one":{"N":"1"},":three":{"N":"3"}}})json"},
    {"StatementSelect", Kind::read, "ExecuteStatement",
     R"json({"Statement":"SELECT pk, m.x FROM Tbl WHERE pk IN ['p','q'] AND sk > 0","Limit":3})json"},
    {"ListTables", Kind::read, "ListTables", "{}"},
    {"DescribeTable", Kind::read, "DescribeTable", R"json({"TableName":"Tbl"})json"},
    {"GetRecords", Kind::read, "DynamoDBStreams_20120810.GetRecords",
     R"json({"ShardIterator":"$X"})json", shard_iterator},
    {"DescribeStream", Kind::read, "DynamoDBStreams_20120810.DescribeStream",
     R"json({"StreamArn":"$X"})json", stream_arn},
    {"CreateTable", Kind::whole, "CreateTable",
     R"json({"TableName":"New","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
         {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
         "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
         "GlobalSecondaryIndexes":[{"IndexName":"Glo","KeySchema":[
         {"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"INCLUDE",
         "NonKeyAttributes":["n"]}}],"Tags":[{"Key":"a","Value":"b"}],
         "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"NEW_AND_OLD_IMAGES"}})json"},
    {"ImportTable", Kind::whole, "ImportTable",
     R"json({"S3BucketSource":{"S3Bucket":"bucket","S3KeyPrefix":"data"},
         "InputFormat":"DYNAMODB_JSON","TableCreationParameters":{
         "TableName":"New","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
         {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"}],
         "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
         "GlobalSecondaryIndexes":[{"IndexName":"Glo","KeySchema":[
         {"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}]}})json"},
    {"DeleteTable", Kind::whole, "DeleteTable", R"json({"TableName":"Tbl"})json"},
    {"DeleteTableWithRecovery", Kind::whole, "DeleteTable", R"json({"TableName":"Tbl"})json",
     with_recovery},
    {"UpdateTableAddsAnIndex", Kind::whole, "UpdateTable",
     R"json({"TableName":"Tbl","AttributeDefinitions":[{"AttributeName":"n","AttributeType":"N"}],
         "GlobalSecondaryIndexUpdates":[{"Create":{"IndexName":"Added","KeySchema":[
         {"AttributeName":"n","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}}]})json"},
    {"UpdateTableDeletesAnIndex", Kind::whole, "UpdateTable",
     R"json({"TableName":"Tbl","GlobalSecondaryIndexUpdates":[{"Delete":{"IndexName":"Glo"}}]})json"},
    {"UpdateTableClosesTheStream", Kind::whole, "UpdateTable",
     R"json({"TableName":"Tbl","StreamSpecification":{"StreamEnabled":false}})json"},
    {"UpdateTimeToLive", Kind::whole, "UpdateTimeToLive",
     R"json({"TableName":"Tbl","TimeToLiveSpecification":{
         "Enabled":false,"AttributeName":"expires"}})json"},
    {"UpdateTimeToLiveOfAnother", Kind::whole, "UpdateTimeToLive",
     R"json({"TableName":"Hash","TimeToLiveSpecification":{"Enabled":true,"AttributeName":"n"}})json"},
    {"TagResource", Kind::whole, "TagResource",
     R"json({"ResourceArn":"arn:aws:dynamodb:us-east-1:000000000000:table/Tbl",
         "Tags":[{"Key":"key","Value":"value"},{"Key":"other","Value":"value"}]})json"},
    {"UpdateContinuousBackups", Kind::whole, "UpdateContinuousBackups",
     R"json({"TableName":"Tbl",
         "PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":true}})json"},
    {"CreateBackup", Kind::whole, "CreateBackup",
     R"json({"TableName":"Tbl","BackupName":"Back"})json"},
    {"DeleteBackup", Kind::whole, "DeleteBackup", R"json({"BackupArn":"$X"})json", made_backup},
    {"RestoreTableFromBackup", Kind::whole, "RestoreTableFromBackup",
     R"json({"BackupArn":"$X","TargetTableName":"Restored"})json", made_backup},
    {"RestoreTableToPointInTime", Kind::whole, "RestoreTableToPointInTime",
     R"json({"SourceTableName":"Tbl","TargetTableName":"Restored","UseLatestRestorableTime":true})json",
     with_recovery},
    {"Sweep", Kind::parts, nullptr, "", nullptr, sweep},
    {"DropExpiredBackups", Kind::parts, nullptr, "",
     [](Server& server) {
       with_recovery(server);
       return server.run("DeleteTable", R"json({"TableName":"Tbl"})json");
     },
     [](Server& server) {
       server.database().drop_expired_backups(std::numeric_limits<std::int64_t>::max());
     }},
    {"TrimOfAClosedStream", Kind::parts, nullptr, "",
     [](Server& server) {
       server.run("DeleteTable", R"json({"TableName":"Tbl"})json");
       server.wait(2 * day_milliseconds);
       return std::string();
     },
     [](Server& server) { server.database().streams().trim(); }},
};

INSTANTIATE_TEST_SUITE_P(Requests, FailingAllocations, testing::ValuesIn(cases),
                         [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace pageturner
