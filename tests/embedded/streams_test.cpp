// Why: iterators and records expire after minutes or hours; a test that controls the clock can
// check the errors clients then get. Source: api, GetRecords and GetShardIterator: an iterator
// expires after 15 minutes, records are trimmed after 24 hours.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <thread>

#include "pageturner/emulator.h"
#include "server/expiry_sweeper.h"
#include "server/service.h"
#include "storage/database.h"
#include "storage/item_writer.h"
#include "tests/support/all_entries.h"

namespace pageturner {
namespace {

namespace json = boost::json;

constexpr std::int64_t minute = 60'000;
constexpr std::int64_t day = 24 * 60 * minute;

class Streams : public testing::Test {
 protected:
  Streams() {
    call("DynamoDB_20120810.CreateTable",
         R"({"TableName":"Table","BillingMode":"PAY_PER_REQUEST",
          "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
          "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
          "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})");
    arn_ = list().at(0).at("StreamArn").as_string();
    const json::value described = streams("DescribeStream", {{"StreamArn", arn_}});
    shard_ = described.at("StreamDescription").at("Shards").at(0).at("ShardId").as_string();
  }

  json::value call(std::string_view operation, std::string_view body) {
    std::string response;
    service_.call(operation, body, response);
    return json::parse(response);
  }
  json::value streams(const std::string& operation, const json::object& body) {
    return call("DynamoDBStreams_20120810." + operation, json::serialize(body));
  }
  json::array list() { return streams("ListStreams", {}).at("Streams").as_array(); }
  void put(const std::string& id) {
    call("PutItem", R"({"TableName":"Table","Item":{"id":{"S":")" + id + R"("}}})");
  }
  json::value iterator(json::object request) {
    request["StreamArn"] = arn_;
    request["ShardId"] = shard_;
    const json::value response = streams("GetShardIterator", request);
    const auto* iterator = response.as_object().if_contains("ShardIterator");
    return iterator != nullptr ? *iterator : response;
  }
  json::value records(const json::value& iterator) {
    return streams("GetRecords", {{"ShardIterator", iterator}});
  }

  static json::value error(std::string_view name, std::string_view message) {
    return {{"__type", "com.amazonaws.dynamodb.v20120810#" + std::string(name)},
            {"message", message}};
  }

  std::int64_t now_ = 1'700'000'000'123;
  Database database_{DatabaseOptions{.streams = {.clock = [this] { return now_; }}}};
  Service service_{database_};
  std::string arn_;
  std::string shard_;
};

TEST_F(Streams, AreNamedByTheirCreationTime) {
  EXPECT_EQ(arn_,
            "arn:aws:dynamodb:us-east-1:000000000000:table/Table/stream/2023-11-14T22:13:20.123");
  EXPECT_EQ(shard_, "shardId-00000001700000000123-00000000");
}

TEST_F(Streams, IteratorsExpire) {
  put("a");
  const json::value oldest = iterator({{"ShardIteratorType", "TRIM_HORIZON"}});
  now_ += 15 * minute - 1;
  const json::value page = records(oldest);
  ASSERT_EQ(page.at("Records").as_array().size(), 1u);
  EXPECT_EQ(page.at("Records").at(0).at("dynamodb").at("ApproximateCreationDateTime"),
            1'700'000'000);
  now_ += 1;
  EXPECT_EQ(records(oldest), error("ExpiredIteratorException",
                                   "The provided iterator exceeds the maximum age allowed."));
  // The next iterator has its own age.
  EXPECT_EQ(records(page.at("NextShardIterator")).at("Records").as_array().size(), 0u);
}

TEST_F(Streams, RecordsAreTrimmed) {
  const json::value trimmed =
      error("TrimmedDataAccessException", "The data you are trying to access has been trimmed");
  put("a");
  put("b");
  const json::value first =
      records(iterator({{"ShardIteratorType", "TRIM_HORIZON"}})).at("Records").at(0);
  const json::value number = first.at("dynamodb").at("SequenceNumber");
  const json::object at{{"ShardIteratorType", "AT_SEQUENCE_NUMBER"}, {"SequenceNumber", number}};
  now_ += day - 1;
  const json::value early = iterator(at);
  put("c");
  EXPECT_EQ(records(early).at("Records").as_array().size(), 3u);
  now_ += 1;
  EXPECT_EQ(records(early), trimmed);
  EXPECT_EQ(iterator(at), trimmed);
  const json::value left = records(iterator({{"ShardIteratorType", "TRIM_HORIZON"}}));
  ASSERT_EQ(left.at("Records").as_array().size(), 1u);
  EXPECT_EQ(left.at("Records").at(0).at("dynamodb").at("Keys"),
            (json::value{{"id", {{"S", "c"}}}}));
}

TEST_F(Streams, OfDeletedTablesAreDeletedAfterADay) {
  const json::value latest = iterator({{"ShardIteratorType", "LATEST"}});
  call("DeleteTable", R"({"TableName":"Table"})");
  now_ += day - 1;
  EXPECT_EQ(list().size(), 1u);
  now_ += 1;
  EXPECT_EQ(list().size(), 0u);
  const json::value gone = error("ResourceNotFoundException",
                                 "Requested resource not found: Stream: " + arn_ + " not found");
  EXPECT_EQ(streams("DescribeStream", {{"StreamArn", arn_}}), gone);
  EXPECT_EQ(records(latest), gone);
}

// A program that deletes a table with a large stream may never read that stream again.
TEST_F(Streams, AreDeletedWithoutBeingReadOrWritten) {
  ExpirySweeper sweeper(database_, std::chrono::milliseconds(1));
  const auto stored = [this] { return count_all_entries(database_.engine()); };
  const auto sweep = [&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    sweeper.sweep_if_due();
  };
  put("a");
  call("DeleteTable", R"({"TableName":"Table"})");
  now_ += day - 1;
  sweep();
  EXPECT_EQ(stored(), 1u);
  EXPECT_FALSE(database_.streams().empty());
  now_ += 1;
  sweep();
  EXPECT_EQ(stored(), 0u);
  EXPECT_TRUE(database_.streams().empty());
}

TEST_F(Streams, MarkDeletesByTimeToLive) {
  put("a");
  const TablePointer table = database_.find_table("Table").value();
  const Item key = {{"id", {std::string("a")}}};
  ItemWrite expired{table, *encode_key(table->layout, ItemSource(key)),
                    [](const StoredItemSource*) {
                      return Result<ItemChange>(ItemChange{ItemChange::Kind::erase});
                    }};
  expired.by_time_to_live = true;
  write_item(database_, expired).value();
  const json::value page = records(iterator({{"ShardIteratorType", "TRIM_HORIZON"}}));
  EXPECT_FALSE(page.at("Records").at(0).as_object().contains("userIdentity"));
  EXPECT_EQ(page.at("Records").at(1).at("eventName"), "REMOVE");
  EXPECT_EQ(page.at("Records").at(1).at("userIdentity"),
            (json::value{{"PrincipalId", "dynamodb.amazonaws.com"}, {"Type", "Service"}}));
}

// The emulator decides the number of shards; a page of shards ends with LastEvaluatedShardId.
TEST(StreamShards, ArePaged) {
  Emulator emulator({.http = false, .stream_shards = 3});
  emulator.call("CreateTable",
                R"({"TableName":"Table","BillingMode":"PAY_PER_REQUEST",
          "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
          "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}],
          "StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})");
  const auto ask = [&](const std::string& operation, const json::object& body) {
    return json::parse(
        emulator.call("DynamoDBStreams_20120810." + operation, json::serialize(body)).body);
  };
  json::object request{{"StreamArn", ask("ListStreams", {}).at("Streams").at(0).at("StreamArn")},
                       {"Limit", 2}};
  const json::value first = ask("DescribeStream", request).at("StreamDescription");
  EXPECT_EQ(first.at("Shards").as_array().size(), 2u);
  EXPECT_EQ(first.at("LastEvaluatedShardId"), first.at("Shards").at(1).at("ShardId"));
  request["ExclusiveStartShardId"] = first.at("LastEvaluatedShardId");
  const json::value second = ask("DescribeStream", request).at("StreamDescription");
  EXPECT_EQ(second.at("Shards").as_array().size(), 1u);
  EXPECT_FALSE(second.as_object().contains("LastEvaluatedShardId"));
}

}  // namespace
}  // namespace pageturner
