// Why: a script that changes a table again while a change is in progress fails on AWS. It must fail
// here too when the emulator is configured with a transition time. Source: api, UpdateTable,
// DeleteTable; the texts are the service's, see
// server/operations/tables/transition_conflicts.cpp.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <string>
#include <thread>

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

TEST(TransitionConflicts, OneChangeAtATime) {
  const std::string deletion;  // an empty text means DeleteTable
  // @ is replaced by the table name.
  const struct {
    std::string first;
    std::string second;
    std::string refusal;
  } rows[] = {
      {units, other_units, "Table IOPS are currently being updated. Table: @"},
      {units, stream_on,
       "Can't enable or disable stream while table IOPS are being updated. Table: @"},
      {units, new_index,
       "Can't create or delete indexes while table IOPS are being updated. Table: @"},
      {units, deletion, "Table: @ is in the process of being updated."},
      {stream_on, stream_off, "A stream status change is currently in progress. Table: @"},
      {stream_on, units, "Can't change table IOPS when stream status is being updated. Table: @"},
      {stream_on, new_index,
       "Can't create or delete an index when stream status is being updated. Table: @"},
      {stream_on, rare, "Can't update table class when stream status is being updated. Table: @"},
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
       "Index is being created but is not backfilling yet. Table: @ Index: late"},
      {new_index, without_new_index,
       "Index creation is in resource allocation phase. Retry deletion during backfilling phase or "
       "when the index is active. Table: @ Index: late"},
      {new_index, deletion,
       "Cannot delete table while indexes are being created, updated, or deleted."},
      {without_index, without_index, "Index is being deleted. Table: @ Index: first"},
      {without_index, units,
       "Can't change table IOPS when an index is being deleted. Table: @ Indexes: [first]"},
      {index_units, index_units, "Index is being updated. Table: @ Index: first"},
      {index_units, deletion,
       "Cannot delete table while indexes are being created, updated, or deleted."},
  };
  Emulator emulator({.http = false, .transition_milliseconds = transition_milliseconds});
  const auto name_of = [](std::size_t row) { return "table" + std::to_string(row); };
  const auto call = [&](const std::string& operation, std::size_t row, const std::string& rest) {
    return emulator.call(operation, R"({"TableName":")" + name_of(row) + "\"" +
                                        (rest.empty() ? "" : ",") + rest + "}");
  };
  for (std::size_t row = 0; row < std::size(rows); ++row) {
    const Response created = call(
        "CreateTable", row,
        R"("AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},{"AttributeName":"g",)"
        R"("AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}],)"
        R"("ProvisionedThroughput":{"ReadCapacityUnits":5,"WriteCapacityUnits":5},)"
        R"("GlobalSecondaryIndexes":[)" +
            index("first") + "]");
    ASSERT_EQ(created.http_status, 200u) << created.body;
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(transition_milliseconds + 50));
  for (std::size_t row = 0; row < std::size(rows); ++row) {
    const auto& [first, second, refusal] = rows[row];
    const Response changed = call("UpdateTable", row, first);
    ASSERT_EQ(changed.http_status, 200u) << changed.body;
    const Response refused = call(second.empty() ? "DeleteTable" : "UpdateTable", row, second);
    std::string message = "Attempt to change a resource which is still in use: " + refusal;
    if (const auto at = message.find('@'); at != std::string::npos) {
      message.replace(at, 1, name_of(row));
    }
    EXPECT_EQ(refused.http_status, 400u) << refusal;
    EXPECT_EQ(json::parse(refused.body).at("message").as_string(), message);
  }
}

}  // namespace
}  // namespace pageturner
