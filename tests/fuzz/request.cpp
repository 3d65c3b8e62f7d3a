// Why: for any request the response must be JSON and not an internal error, and after any write all
// stored data must be consistent (database_check.h). Each line of the input is a request: its first
// byte, counted from 'A', selects the operation, the rest is the body. Later lines see the writes
// of earlier ones. "$BackupArn" and the like are replaced by the last value with that name in a
// response. Every input starts with the same tables.
#include <array>
#include <map>
#include <memory>

#include "protocol/json.h"
#include "server/operations/operation.h"
#include "server/request_log.h"
#include "server/service.h"
#include "storage/database.h"
#include "tests/fuzz/database_check.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

enum class Effect {
  reads,       // the response is the same when repeated
  reads_time,  // a read whose response contains a time
  writes,
  either,  // depends on the statement
};

struct Operation {
  std::string_view name;
  Effect effect;
};
// The order must not change: the lines of the corpus refer to operations by index.
constexpr std::array operations = {
    Operation{"BatchGetItem", Effect::reads}, Operation{"BatchWriteItem", Effect::writes},
    Operation{"CreateTable", Effect::writes}, Operation{"DeleteItem", Effect::writes},
    Operation{"DeleteTable", Effect::writes}, Operation{"DescribeEndpoints", Effect::reads},
    Operation{"DescribeLimits", Effect::reads}, Operation{"DescribeTable", Effect::reads},
    Operation{"GetItem", Effect::reads}, Operation{"ListTables", Effect::reads},
    Operation{"PutItem", Effect::writes}, Operation{"Query", Effect::reads},
    Operation{"Scan", Effect::reads}, Operation{"UpdateItem", Effect::writes},
    // O to Z
    Operation{"UpdateTable", Effect::writes}, Operation{"TransactWriteItems", Effect::writes},
    Operation{"TransactGetItems", Effect::reads}, Operation{"ExecuteStatement", Effect::either},
    Operation{"BatchExecuteStatement", Effect::either},
    Operation{"ExecuteTransaction", Effect::writes}, Operation{"UpdateTimeToLive", Effect::writes},
    Operation{"DescribeTimeToLive", Effect::reads}, Operation{"TagResource", Effect::writes},
    Operation{"UntagResource", Effect::writes}, Operation{"ListTagsOfResource", Effect::reads},
    Operation{"CreateBackup", Effect::writes},
    // [ \ ] ^ _ `
    Operation{"RestoreTableFromBackup", Effect::writes},
    Operation{"RestoreTableToPointInTime", Effect::writes},
    Operation{"DeleteBackup", Effect::writes}, Operation{"DescribeBackup", Effect::reads},
    Operation{"ListBackups", Effect::reads}, Operation{"UpdateContinuousBackups", Effect::writes},
    // a to z
    Operation{"DescribeContinuousBackups", Effect::reads},
    Operation{"DynamoDBStreams_20120810.ListStreams", Effect::reads},
    Operation{"DynamoDBStreams_20120810.DescribeStream", Effect::reads},
    Operation{"DynamoDBStreams_20120810.GetShardIterator", Effect::reads_time},
    Operation{"DynamoDBStreams_20120810.GetRecords", Effect::reads_time},
    Operation{"UpdateContributorInsights", Effect::writes},
    Operation{"DescribeContributorInsights", Effect::reads},
    Operation{"ListContributorInsights", Effect::reads},
    Operation{"EnableKinesisStreamingDestination", Effect::writes},
    Operation{"DisableKinesisStreamingDestination", Effect::writes},
    Operation{"UpdateKinesisStreamingDestination", Effect::writes},
    Operation{"DescribeKinesisStreamingDestination", Effect::reads},
    Operation{"PutResourcePolicy", Effect::writes},
    Operation{"DeleteResourcePolicy", Effect::writes},
    Operation{"GetResourcePolicy", Effect::reads}, Operation{"CreateGlobalTable", Effect::writes},
    Operation{"UpdateGlobalTable", Effect::writes}, Operation{"DescribeGlobalTable", Effect::reads},
    Operation{"ListGlobalTables", Effect::reads},
    Operation{"DescribeGlobalTableSettings", Effect::reads},
    Operation{"UpdateGlobalTableSettings", Effect::writes},
    Operation{"DescribeTableReplicaAutoScaling", Effect::reads},
    Operation{"UpdateTableReplicaAutoScaling", Effect::writes}};

// The response member that ends a page, and the request parameter that starts the next one.
struct PageEnd {
  std::string_view reported;
  std::string_view parameter;
};
constexpr PageEnd page_ends[] = {{"LastEvaluatedKey", "ExclusiveStartKey"},
                                 {"LastEvaluatedTableName", "ExclusiveStartTableName"},
                                 {"LastEvaluatedBackupArn", "ExclusiveStartBackupArn"},
                                 {"LastEvaluatedStreamArn", "ExclusiveStartStreamArn"},
                                 {"NextToken", "NextToken"}};

// The values that requests can only take from earlier responses.
constexpr std::string_view remembered_names[] = {
    "BackupArn",     "LatestStreamArn",   "NextToken",
    "RevisionId",    "SequenceNumber",    "ShardId",
    "ShardIterator", "NextShardIterator", "StartingSequenceNumber"};
using Memory = std::map<std::string, std::string, std::less<>>;

struct SetupSpec {
  std::string_view operation;
  std::string_view body;
};
// "Tbl" has a local and two global indexes, one for each projection type; "Hash" has a partition
// key only; "Many" has an index with two HASH and two RANGE attributes.
constexpr SetupSpec setup[] = {
    {"CreateTable",
     R"({"TableName":"Tbl","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
         {"AttributeName":"pk","AttributeType":"S"},{"AttributeName":"sk","AttributeType":"N"},
         {"AttributeName":"l","AttributeType":"S"},{"AttributeName":"g","AttributeType":"S"},
         {"AttributeName":"b","AttributeType":"B"}],"KeySchema":[
         {"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
         "LocalSecondaryIndexes":[{"IndexName":"Loc","KeySchema":[
         {"AttributeName":"pk","KeyType":"HASH"},{"AttributeName":"l","KeyType":"RANGE"}],
         "Projection":{"ProjectionType":"KEYS_ONLY"}}],
         "GlobalSecondaryIndexes":[{"IndexName":"Glo","KeySchema":[
         {"AttributeName":"g","KeyType":"HASH"},{"AttributeName":"sk","KeyType":"RANGE"}],
         "Projection":{"ProjectionType":"INCLUDE","NonKeyAttributes":["n"]}},
         {"IndexName":"All","KeySchema":[{"AttributeName":"b","KeyType":"HASH"}],
         "Projection":{"ProjectionType":"ALL"}}]})"},
    {"CreateTable",
     R"({"TableName":"Hash","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
         {"AttributeName":"pk","AttributeType":"S"}],
         "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}]})"},
    {"CreateTable",
     R"({"TableName":"Many","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[
         {"AttributeName":"pk","AttributeType":"B"},{"AttributeName":"p1","AttributeType":"S"},
         {"AttributeName":"p2","AttributeType":"N"},{"AttributeName":"s1","AttributeType":"N"},
         {"AttributeName":"s2","AttributeType":"S"}],
         "KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],
         "GlobalSecondaryIndexes":[{"IndexName":"Multi","KeySchema":[
         {"AttributeName":"p1","KeyType":"HASH"},{"AttributeName":"p2","KeyType":"HASH"},
         {"AttributeName":"s1","KeyType":"RANGE"},{"AttributeName":"s2","KeyType":"RANGE"}],
         "Projection":{"ProjectionType":"ALL"}}]})"},
    {"BatchWriteItem", R"({"RequestItems":{"Tbl":[
         {"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"N":"1"},"l":{"S":"a"},"g":{"S":"x"},
         "n":{"N":"5"},"b":{"B":"AAH/"},"m":{"M":{"x":{"N":"1"},"in":{"M":{"y":{"S":"deep"}}}}}}}},
         {"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"N":"2"},"l":{"S":"b"},"g":{"S":"x"},
         "list":{"L":[{"S":"a"},{"N":"1"}]},"ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]}}}},
         {"PutRequest":{"Item":{"pk":{"S":"p"},"sk":{"N":"-3.5"},"t":{"BOOL":true},
         "u":{"NULL":true},"bs":{"BS":["AA=="]}}}},
         {"PutRequest":{"Item":{"pk":{"S":"q"},"sk":{"N":"1"},"g":{"S":"y"},
         "l":{"S":"c"}}}}],
         "Hash":[{"PutRequest":{"Item":{"pk":{"S":"k"},"s":{"S":"text"}}}},
         {"PutRequest":{"Item":{"pk":{"S":"h"}}}}],
         "Many":[{"PutRequest":{"Item":{"pk":{"B":"AA=="},"p1":{"S":"a"},"p2":{"N":"1"},
         "s1":{"N":"1"},"s2":{"S":"x"}}}},
         {"PutRequest":{"Item":{"pk":{"B":"AQ=="},"p1":{"S":"a"},"p2":{"N":"1"},
         "s1":{"N":"1"},"s2":{"S":"y"}}}}]}})"}};

// A database with the tables above, and a service on it.
class Server {
 public:
  Server() {
    for (const SetupSpec& row : setup) {
      std::string out;
      require(service_.call(row.operation, row.body, out) == 200, "the tables can be created");
    }
  }

  unsigned call(std::string_view operation, std::string_view body, std::string& out) {
    // The request log reads bodies before they are validated.
    const auto document = JsonDocument::parse(body);
    const OperationSpec* row = find_operation(operation);
    if (document && row != nullptr) {
      for (const std::string& name : table_names(*row, document->root())) {
        require(!name.empty(), "a table name is not empty");
      }
    }
    return service_.call(operation, body, out);
  }
  Database& database() { return database_; }

 private:
  Database database_;
  Service service_{database_};
};

// Stores the strings in `response`, at any depth, that have one of the names above.
void remember(JsonValue response, Memory& memory) {
  for (const JsonValue element : response.elements()) remember(element, memory);
  for (const auto& [name, value] : response.members()) {
    for (const std::string_view remembered : remembered_names) {
      if (name == remembered && value.kind() == JsonValue::Kind::string)
        memory["$" + std::string(name)] = value.as_string();
    }
    remember(value, memory);
  }
}

std::string with_remembered(std::string_view body, const Memory& memory) {
  std::string text(body);
  for (const auto& [name, value] : memory) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
      text.replace(at, name.size(), value);
      at += value.size();
    }
  }
  return text;
}

// Checks a response and returns its JSON, or nullopt for a success without a body.
std::optional<JsonDocument> parse_response(unsigned status, std::string_view text) {
  require(status == 200 || (status >= 400 && status < 500), "no request causes an internal error");
  if (status == 200 && text.empty()) return std::nullopt;
  auto response = JsonDocument::parse(text);
  require(response.has_value() && response->root().is_object(), "a response is a JSON object");
  require(response->root().find("__type").has_value() == (status != 200), "an error has its type");
  return std::move(*response);
}

// Returns `body` with `parameter` set to `reported`, to start the next page.
std::string resumed(JsonValue body, std::string_view parameter, JsonValue reported) {
  std::string text = "{";
  append_json_string(text, parameter);
  text += ':';
  reported.write(text);
  for (const auto& [name, value] : body.members()) {
    if (name == parameter) continue;
    text += ',';
    append_json_string(text, name);
    text += ':';
    value.write(text);
  }
  return text += '}';
}

void check_next_page(Server& server, std::string_view operation, JsonValue body,
                     JsonValue response) {
  for (const PageEnd& end : page_ends) {
    // ExecuteStatement resumes with NextToken, not with the LastEvaluatedKey.
    if (operation == "ExecuteStatement" && end.reported != "NextToken") continue;
    const auto reported = response.find(end.reported);
    std::string out;
    if (!reported) continue;
    require(server.call(operation, resumed(body, end.parameter, *reported), out) == 200,
            "the end of a page can start the next page");
  }
}

void check_read(Server& server, const Operation& operation, JsonValue body, unsigned status,
                std::string_view response_text, JsonValue response) {
  std::string compact;
  body.write(compact);
  std::string out;
  const unsigned again = server.call(operation.name, compact, out);
  require(again == status, "white space has no effect");
  if (operation.effect == Effect::reads_time || status != 200) return;
  require(out == response_text, "a repeated read has the same response");
  check_next_page(server, operation.name, body, response);
}

// Returns whether the request may have changed the database.
bool run_request(Server& server, std::string_view line, Memory& memory) {
  const Operation& operation =
      operations[static_cast<unsigned char>(line.front() - 'A') % operations.size()];
  const std::string body = with_remembered(line.substr(1), memory);
  const bool may_write = operation.effect == Effect::writes || operation.effect == Effect::either;
  const std::string before = may_write ? dump(server.database()) : "";
  std::string text = "before";
  const unsigned status = server.call(operation.name, body, text);
  require(text.starts_with("before"), "a response is appended");
  text.erase(0, 6);
  const auto response = parse_response(status, text);
  const auto document = JsonDocument::parse(body);
  require(document.has_value() || status == 400, "invalid JSON is rejected");
  if (status == 200 && response) remember(response->root(), memory);
  if (may_write) {
    const bool is_changed = dump(server.database()) != before;
    require(status == 200 || !is_changed, "a rejected request changes nothing");
    if (status == 200) check_database(server.database());
    if (operation.effect == Effect::writes || is_changed || !document) return status == 200;
  }
  if (document && response) {
    check_read(server, operation, document->root(), status, text, response->root());
  }
  return false;
}

}  // namespace

void fuzz_one(std::string_view input) {
  // Recreated only after an input that changed it: the setup takes longer than most requests.
  static std::unique_ptr<Server> server;
  if (server == nullptr) server = std::make_unique<Server>();
  bool changed = false;
  Memory memory;
  for (const std::string_view line : split(input, '\n')) {
    if (!line.empty() && run_request(*server, line, memory)) changed = true;
  }
  if (changed) server.reset();
}

}  // namespace pageturner
