// Why: a transaction is atomic for all readers, and a request that conflicts with one must get an
// error instead of partial results. Source: guide, "Amazon DynamoDB Transactions: How it works"
// (isolation levels, transaction conflict handling).
#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <thread>

#include "pageturner/emulator.h"
#include "protocol/attribute_value.h"
#include "server/service.h"
#include "storage/database.h"

namespace pageturner {
namespace {

namespace json = boost::json;

constexpr std::string_view create_table =
    R"({"TableName":"Accounts","BillingMode":"PAY_PER_REQUEST",
  "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
  "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]})";

// A service whose item "held" is locked by a transaction during the life of the fixture.
class ConflictsWithATransaction : public testing::Test {
 protected:
  ConflictsWithATransaction() {
    call("CreateTable", create_table);
    for (const std::string id : {"held", "free"}) {
      call("PutItem", R"({"TableName":"Accounts","Item":{"id":{"S":")" + id + R"("}}})");
    }
    const Item key{{"id", AttributeValue{std::string("held")}}};
    const TablePointer table = database_.find_table("Accounts").value();
    locked_key_ = encode_key(table->layout, ItemSource(key)).value();
    const FullKey keys[] = {{table->layout.space, locked_key_}};
    std::vector<bool> conflicts;
    transaction_.emplace(*database_.key_locks().lock_all(keys, conflicts));
  }

  std::string call(std::string_view operation, std::string_view body) {
    std::string response;
    service_.call(operation, body, response);
    return response;
  }

  Database database_;
  Service service_{database_};
  std::string locked_key_;
  std::optional<KeyLocks::Guard> transaction_;
};

TEST_F(ConflictsWithATransaction, ReportsTheConflict) {
  const std::string refused =
      R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionConflictException",)"
      R"("message":"Transaction is ongoing for the item"})";
  const std::string canceled =
      R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",)"
      R"("Message":"Transaction cancelled, please refer cancellation reasons for specific reasons )"
      R"([None, TransactionConflict]","CancellationReasons":[{"Code":"None"},)"
      R"({"Code":"TransactionConflict","Message":"Transaction is ongoing for the item"}]})";
  const struct {
    std::string_view operation;
    std::string_view body;
    std::string response;
  } cases[] = {
      {"PutItem", R"({"TableName":"Accounts","Item":{"id":{"S":"held"},"n":{"N":"1"}}})", refused},
      {"DeleteItem", R"({"TableName":"Accounts","Key":{"id":{"S":"held"}}})", refused},
      {"UpdateItem", R"({"TableName":"Accounts","Key":{"id":{"S":"held"}}})", refused},
      {"TransactWriteItems",
       R"json({"TransactItems":[{"Delete":{"TableName":"Accounts","Key":{"id":{"S":"free"}}}},
          {"ConditionCheck":{"TableName":"Accounts","Key":{"id":{"S":"held"}},
                             "ConditionExpression":"attribute_exists(id)"}}]})json",
       canceled},
      {"TransactGetItems",
       R"({"TransactItems":[{"Get":{"TableName":"Accounts","Key":{"id":{"S":"free"}}}},
          {"Get":{"TableName":"Accounts","Key":{"id":{"S":"held"}}}}]})",
       canceled},
      {"BatchWriteItem",
       R"({"RequestItems":{"Accounts":[{"PutRequest":{"Item":{"id":{"S":"more"}}}},
          {"DeleteRequest":{"Key":{"id":{"S":"held"}}}}]}})",
       R"({"UnprocessedItems":{"Accounts":[{"DeleteRequest":{"Key":{"id":{"S":"held"}}}}]}})"},
      {"GetItem", R"({"TableName":"Accounts","Key":{"id":{"S":"held"}}})",
       R"({"Item":{"id":{"S":"held"}}})"},
      {"BatchGetItem", R"({"RequestItems":{"Accounts":{"Keys":[{"id":{"S":"held"}}]}}})",
       R"({"Responses":{"Accounts":[{"id":{"S":"held"}}]},"UnprocessedKeys":{}})"},
  };
  for (const auto& row : cases) EXPECT_EQ(call(row.operation, row.body), row.response);
  transaction_.reset();
  EXPECT_EQ(call("DeleteItem", cases[1].body), "{}");
}

// Transfers money between accounts from several threads; the visible sum never changes.
class Bank {
 public:
  static constexpr int accounts = 8;
  static constexpr int opening_balance = 100;

  Bank() {
    emulator_.call("CreateTable", create_table);
    for (int i = 0; i < accounts; ++i) {
      emulator_.call("PutItem", R"({"TableName":"Accounts","Item":{"id":{"S":")" +
                                    std::to_string(i) + R"("},"n":{"N":"100"}}})");
    }
  }

  // Returns the HTTP status.
  unsigned transfer(int from, int to, int amount) {
    const auto action = [&](int account, int change, std::string_view more) {
      return R"({"Update":{"TableName":"Accounts","Key":{"id":{"S":")" + std::to_string(account) +
             R"("}},"UpdateExpression":"ADD n :n","ExpressionAttributeValues":{":n":{"N":")" +
             std::to_string(change) + "\"}" + std::string(more);
    };
    const std::string enough =
        R"(,":m":{"N":")" + std::to_string(amount) + R"("}},"ConditionExpression":"n >= :m"}})";
    return emulator_
        .call("TransactWriteItems", R"({"TransactItems":[)" + action(from, -amount, enough) + "," +
                                        action(to, amount, "}}}") + "]}")
        .http_status;
  }

  // Returns the sum of all accounts in one read by `operation`, or -1 on a transaction conflict.
  int sum(std::string_view operation) {
    std::string body = R"({"TableName":"Accounts"})";
    if (operation == "TransactGetItems") {
      body = R"({"TransactItems":[)";
      for (int i = 0; i < accounts; ++i) {
        body += std::string(i == 0 ? "" : ",") +
                R"({"Get":{"TableName":"Accounts","Key":{"id":{"S":")" + std::to_string(i) +
                R"("}}}})";
      }
      body += "]}";
    }
    const auto response = emulator_.call(operation, body);
    if (response.http_status != 200) return -1;
    const json::object found = json::parse(response.body).as_object();
    int sum = 0;
    if (const auto* items = found.if_contains("Items")) {
      for (const json::value& item : items->as_array()) sum += balance(item);
    } else {
      for (const json::value& entry : found.at("Responses").as_array()) {
        sum += balance(entry.as_object().at("Item"));
      }
    }
    return sum;
  }

 private:
  static int balance(const json::value& item) {
    return std::stoi(std::string(item.at("n").at("N").as_string()));
  }

  Emulator emulator_{{.http = false}};
};

TEST(Transactions, AreAtomicForReaders) {
  Bank bank;
  constexpr int expected = Bank::accounts * Bank::opening_balance;
  std::atomic<bool> done = false;
  std::atomic<int> read = 0;
  std::vector<std::thread> readers;
  for (const std::string_view operation : {"TransactGetItems", "Scan"}) {
    readers.emplace_back([&, operation] {
      while (!done) {
        const int sum = bank.sum(operation);
        if (sum == -1) continue;
        EXPECT_EQ(sum, expected) << operation;
        ++read;
      }
    });
  }
  std::atomic<int> made = 0;
  std::vector<std::thread> writers;
  for (unsigned seed = 1; seed <= 3; ++seed) {
    writers.emplace_back([&, seed] {
      unsigned random = seed;
      for (int i = 0; i < 1500; ++i) {
        random = random * 1664525 + 1013904223;
        const int from = static_cast<int>(random >> 8) % Bank::accounts;
        const int to =
            (from + 1 + static_cast<int>(random >> 16) % (Bank::accounts - 1)) % Bank::accounts;
        const unsigned status = bank.transfer(from, to, static_cast<int>(random >> 24) % 50);
        EXPECT_TRUE(status == 200 || status == 400);
        made += status == 200;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_GT(made, 0);
  EXPECT_GT(read, 0);
  EXPECT_EQ(bank.sum("Scan"), expected);
}

}  // namespace
}  // namespace pageturner
