// Why: a script that changes a table again while a change is in progress fails on AWS. It must fail
// here too when the emulator is configured with a transition time. Source: api, UpdateTable,
// DeleteTable: a table that is UPDATING takes no other change. The texts are the service's:
// recorded answers; measured in us-east-1 and us-west-2 in October 2026 by ack-api-quirks,
// DDB-TABLE-444, DDB-TABLE-286 and DDB-TABLE-458. "Table is being updated" is one of 2013
// (github.com/sebdah/dynamic-dynamodb/issues/36).
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "pageturner/emulator.h"

namespace pageturner {
namespace {

namespace json = boost::json;

constexpr std::int64_t transition_milliseconds = 500;

const std::string units =
    R"("ProvisionedThroughput":{"ReadCapacityUnits":6,"WriteCapacityUnits":6})";
const std::string other_units =
    R"("ProvisionedThroughput":{"ReadCapacityUnits":7,"WriteCapacityUnits":7})";
const std::string stream_on =
    R"("StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"})";
const std::string stream_off = R"("StreamSpecification":{"StreamEnabled":false})";
const std::string rare = R"("TableClass":"STANDARD_INFREQUENT_ACCESS")";
const std::string standard = R"("TableClass":"STANDARD")";

const std::string pay_per_request = R"("BillingMode":"PAY_PER_REQUEST")";
const std::string encrypted = R"("SSESpecification":{"Enabled":true})";
const std::string is_protected = R"("DeletionProtectionEnabled":true)";
const std::string warm = R"("WarmThroughput":{"ReadUnitsPerSecond":20,"WriteUnitsPerSecond":20})";
const std::string on_demand = R"("OnDemandThroughput":{"MaxReadRequestUnits":20})";

std::string index(const std::string& name) {
  return R"({"IndexName":")" + name +
         R"(","KeySchema":[{"AttributeName":"g","KeyType":"HASH"}],"Projection":{"ProjectionType":)"
         R"("ALL"},"ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5}})";
}

std::string index_update(const std::string& action) {
  return R"("AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"g",)"
         R"("AttributeType":"S"}],"GlobalSecondaryIndexUpdates":[)" +
         action + "]";
}

const std::string new_index = index_update(R"({"Create":)" + index("late") + "}");
const std::string without_new_index = index_update(R"({"Delete":{"IndexName":"late"}})");
const std::string new_index_units =
    index_update(R"({"Update":{"IndexName":"late",)" + units + "}}");
const std::string without_index = index_update(R"({"Delete":{"IndexName":"first"}})");
const std::string index_units = index_update(R"({"Update":{"IndexName":"first",)" + units + "}}");

const std::string deletion;  // an empty text means DeleteTable

// A change during which the service refuses a second one, and the message. In the message @ stands
// for the table name, % for the label of its stream. An empty refusal is the only text without the
// prefix that all others have.
struct Conflict {
  std::string first;
  std::string second;
  std::string refusal;
};

std::vector<Conflict> conflicts() {
  return {
      {units, other_units, "Table IOPS are currently being updated. Table: @"},
      {units, stream_on,
       "Can't enable or disable stream while table IOPS are being updated. Table: @"},
      {units, new_index,
       "Can't create or delete indexes while table IOPS are being updated. Table: @"},
      {units, deletion, "Table: @ is in the process of being updated."},
      {stream_on, stream_off,
       "A stream status change is currently in progress. Table: @ Stream: % Operation: ENABLE"},
      {stream_on, units,
       "Can't change table IOPS when stream status is being updated. Table: @ Stream: % Operation: "
       "ENABLE"},
      {stream_on, new_index,
       "Can't create or delete an index when stream status is being updated. Table: @ Stream: % "
       "Operation: ENABLE"},
      {stream_on, rare,
       "Can't update table class when stream status is being updated. Table: @ Stream: % "
       "Operation: ENABLE"},
      {stream_on, deletion, "Cannot delete table while stream is being enabled/disabled."},
      {rare, standard,
       "Can't update table class when a table class update is in progress. Table: @ "
       "TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS"},
      {rare, stream_on,
       "Can't change stream status when a table class update is in progress. Table: @ "
       "TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS"},
      {rare, new_index,
       "Can't create or delete an index when a table class update is in progress. Table: @ "
       "TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS"},
      {new_index, units,
       "Can't change table IOPS when an index is being created. Table: @ Indexes: [late]"},
      {new_index, stream_on,
       "Can't change stream status when an index is being created. Table: @ Indexes: [late]"},
      {new_index, new_index_units,
       "Index is being created but is not backfilling yet.  Table: @ Index: late"},
      {new_index, without_new_index,
       "Index creation is in resource allocation phase. Retry deletion during backfilling phase or "
       "when the index is active. Table: @ Index: late"},
      {new_index, deletion,
       "Cannot delete table while indexes are being created, updated, or deleted."},
      {without_index, without_index, "Index is being deleted. Table: @ Index: first"},
      {without_index, units,
       "Can't change table IOPS when an index is being deleted. Table: @ Indexes: [first]"},
      {index_units, index_units, "Index is being updated.  Table: @ Index: first"},
      {index_units, deletion,
       "Cannot delete table while indexes are being created, updated, or deleted."},
      {new_index, on_demand,
       "OnDemandThroughput cannot be updated while index creation is in progress for indexes: "
       "[late]"},
      {rare, on_demand,
       "OnDemandThroughput cannot be updated while TableClass update is in progress. "
       "TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS"},
      {pay_per_request, on_demand,
       "OnDemandThroughput cannot be updated while BillingMode update is in progress"},
      {encrypted, encrypted, "Server-Side Encryption is still being updated"},
      {encrypted, deletion, "Table: @ is in the process of being updated."},
      {is_protected, stream_on, "Table is being updated: @"},
      {warm, units, "Table is being updated: @"},
      {units, rare, "Table is being updated: @"},
      {index_units, rare, "Table is being updated: @"},
      {encrypted, is_protected, ""},
  };
}

Response call(Emulator& emulator, const std::string& operation, const std::string& table,
              const std::string& rest) {
  return emulator.call(operation,
                       R"({"TableName":")" + table + "\"" + (rest.empty() ? "" : ",") + rest + "}");
}

void create_table(Emulator& emulator, const std::string& table) {
  const Response created = call(
      emulator, "CreateTable", table,
      R"("AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"g",)"
      R"("AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],)"
      R"("ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5},)"
      R"("GlobalSecondaryIndexes":[)" +
          index("first") + "]");
  ASSERT_EQ(created.http_status, 200u) << created.body;
}

void expect_conflict(Emulator& emulator, const std::string& table, const Conflict& conflict) {
  const Response changed = call(emulator, "UpdateTable", table, conflict.first);
  ASSERT_EQ(changed.http_status, 200u) << changed.body;
  const json::value description = json::parse(changed.body).at("TableDescription");
  EXPECT_EQ(description.at("TableStatus").as_string(), "UPDATING") << conflict.refusal;
  const std::string operation = conflict.second.empty() ? "DeleteTable" : "UpdateTable";
  const Response refused = call(emulator, operation, table, conflict.second);
  std::string message =
      conflict.refusal.empty()
          ? "Table needs to be in ACTIVE status to modify deletion protection setting."
          : "Attempt to change a resource which is still in use: " + conflict.refusal;
  if (const auto at = message.find('@'); at != std::string::npos) message.replace(at, 1, table);
  if (const auto at = message.find('%'); at != std::string::npos) {
    message.replace(at, 1, description.at("LatestStreamLabel").as_string());
  }
  EXPECT_EQ(refused.http_status, 400u) << message;
  EXPECT_EQ(json::parse(refused.body).at("message").as_string(), message);
}

TEST(TransitionConflicts, OneChangeAtATime) {
  Emulator emulator({.http = false, .transition_milliseconds = transition_milliseconds});
  const auto rows = conflicts();
  const auto name_of = [](std::size_t row) { return "table" + std::to_string(row); };
  // One wait for all tables to become ACTIVE.
  for (std::size_t row = 0; row < rows.size(); ++row) create_table(emulator, name_of(row));
  std::this_thread::sleep_for(std::chrono::milliseconds(transition_milliseconds + 50));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    expect_conflict(emulator, name_of(row), rows[row]);
  }
}

// Until the transition is over, the throughput is the old one, and so is the key of encryption that
// was turned off. Source: recorded answers; DDB-TABLE-060, DDB-TABLE-165 and DDB-TABLE-079 of
// ack-api-quirks.
TEST(TransitionConflicts, OldValuesUntilTheEnd) {
  Emulator emulator({.http = false, .transition_milliseconds = transition_milliseconds});
  const auto wait = [] {
    std::this_thread::sleep_for(std::chrono::milliseconds(transition_milliseconds + 50));
  };
  const auto call = [&](const std::string& operation, const std::string& rest) {
    const Response response =
        emulator.call(operation, R"({"TableName":"Slow")" + (rest.empty() ? "" : "," + rest) + "}");
    EXPECT_EQ(response.http_status, 200u) << response.body;
    const json::object body = json::parse(response.body).as_object();
    return body.begin()->value().as_object();
  };
  const auto units_of = [](const json::object& owner) {
    return owner.at("ProvisionedThroughput").at("ReadCapacityUnits").to_number<int>();
  };
  const auto first_index = [](const json::object& table) {
    return table.at("GlobalSecondaryIndexes").at(0).as_object();
  };
  const json::object created =
      call("CreateTable",
           R"("AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":)"
           R"("g","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],)"
           R"("ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5},)"
           R"("SSESpecification":{"Enabled":true},"GlobalSecondaryIndexes":[)" +
               index("first") + "]");
  EXPECT_FALSE(first_index(created).contains("Backfilling"));
  EXPECT_FALSE(first_index(call("DescribeTable", "")).contains("Backfilling"));
  wait();
  const json::object key = call("DescribeTable", "").at("SSEDescription").as_object();
  EXPECT_EQ(key.at("Status").as_string(), "ENABLED");

  json::object table = call("UpdateTable", units);
  EXPECT_EQ(units_of(table), 5);
  EXPECT_TRUE(table.at("ProvisionedThroughput").as_object().contains("LastIncreaseDateTime"));
  EXPECT_EQ(units_of(call("DescribeTable", "")), 5);
  wait();
  EXPECT_EQ(units_of(call("DescribeTable", "")), 6);

  table = call("UpdateTable", index_units);
  EXPECT_EQ(first_index(table).at("IndexStatus").as_string(), "UPDATING");
  EXPECT_EQ(units_of(first_index(table)), 5);
  wait();
  EXPECT_EQ(units_of(first_index(call("DescribeTable", ""))), 6);

  // No later change shows the units of an earlier one.
  table = call("UpdateTable", R"("SSESpecification":{"Enabled":false})");
  EXPECT_EQ(units_of(table), 6);
  for (const json::object& shown : {table, call("DescribeTable", "")}) {
    EXPECT_EQ(shown.at("SSEDescription").at("Status").as_string(), "UPDATING");
    EXPECT_EQ(shown.at("SSEDescription").at("KMSMasterKeyArn"), key.at("KMSMasterKeyArn"));
  }
  wait();
  EXPECT_FALSE(call("DescribeTable", "").contains("SSEDescription"));

  table = call("UpdateTable", new_index);
  EXPECT_FALSE(table.at("GlobalSecondaryIndexes").at(1).at("Backfilling").as_bool());
}

}  // namespace
}  // namespace pageturner
