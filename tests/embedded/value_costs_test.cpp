// Why: a small request must not take gigabytes. Each request here is one that DynamoDB's limits
// allow and whose values could be copied hundreds of times. Measures the peak of the process's
// memory during the request.
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>

#include "pageturner/emulator.h"

namespace pageturner {
namespace {

// Returns the number of kilobytes in a line of /proc/self/status.
std::size_t status_kilobytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key)) return std::stoul(line.substr(key.size() + 1));
  }
  return 0;
}

std::string times(int count, const std::string& separator,
                  const std::function<std::string(int)>& text) {
  std::string all = text(0);
  for (int i = 1; i < count; ++i) all += separator + text(i);
  return all;
}

class ValueCosts : public ::testing::Test {
 protected:
  ValueCosts() : emulator_(without_http()) {
    emulator_.call("CreateTable",
                   R"({"TableName":"costs","BillingMode":"PAY_PER_REQUEST",
                       "KeySchema":[{"AttributeName":"p","KeyType":"HASH"},
                                    {"AttributeName":"s","KeyType":"RANGE"}],
                       "AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"},
                                               {"AttributeName":"s","AttributeType":"S"}]})");
  }

  static EmulatorOptions without_http() {
    EmulatorOptions options;
    options.http = false;
    return options;
  }

  // Sends a request and returns the body of the response.
  std::string call(const std::string& operation, const std::string& body) {
    std::ofstream("/proc/self/clear_refs") << "5";  // resets the peak
    const std::size_t before = status_kilobytes("VmRSS:");
    const Response response = emulator_.call(operation, body);
    peak_bytes_ = (status_kilobytes("VmHWM:") - before) * 1024;
    return response.body;
  }

  // Checks the peak of the last call. Sanitizers keep memory that is freed.
  void expect_little_memory() const {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    EXPECT_LE(peak_bytes_, std::size_t{64} << 20);
#endif
  }

  std::string update(const std::string& expression) {
    return call("UpdateItem", R"({"TableName":"costs","Key":{"p":{"S":"x"},"s":{"S":"x"}},
        "UpdateExpression":")" + expression +
                                  "\"}");
  }

  Emulator emulator_;
  std::size_t peak_bytes_ = 0;
};

constexpr const char* too_large = "Item size to update has exceeded the maximum allowed size";

TEST_F(ValueCosts, OfAListThatManyActionsStore) {
  const std::string list = times(195'000, ",", [](int) { return std::string(R"({"NULL":true})"); });
  const std::string item = R"("p":{"S":"x"},"s":{"S":"x"},"m":{"M":{}},"l":{"L":[)" + list + "]}";
  ASSERT_EQ(call("PutItem", R"({"TableName":"costs","Item":{)" + item + "}}"), "{}");
  const auto set = [](const std::string& target, const std::string& value) {
    return "SET " +
           times(100, ",", [&](int i) { return target + std::to_string(i) + " = " + value; });
  };
  for (const std::string& expression :
       {set("a", "l"), set("m.a", "l"), set("a", "list_append(l, l)"),
        set("a", "if_not_exists(absent, l)")}) {
    EXPECT_NE(update(expression).find(too_large), std::string::npos) << expression;
    expect_little_memory();
  }
}

TEST_F(ValueCosts, OfAlternativesWithLongValues) {
  const std::string parameters = times(25, ",", [](int i) {
    return R"({"S":")" + std::string(100'000, static_cast<char>('a' + i)) + "\"}";
  });
  const auto select = [&](const std::string& where) {
    return call("ExecuteStatement", R"({"Statement":"SELECT * FROM costs WHERE )" + where +
                                        R"(","Parameters":[)" + parameters + "]}");
  };
  const auto pairs = [](int count) {
    return times(count, " AND ", [](int) { return std::string("(s = ? OR s = ?)"); });
  };
  EXPECT_NE(select("p = ? AND " + pairs(12)).find("Too many decomposed read operations"),
            std::string::npos);
  expect_little_memory();
  EXPECT_EQ(select("p = ? AND s <> ? AND " + pairs(11)), R"({"Items":[]})");
  expect_little_memory();
  EXPECT_EQ(select(pairs(12)), R"({"Items":[]})");
  expect_little_memory();
}

// Requests of 8 MB, whose members take up to ten times as much when all of them are decoded.
TEST_F(ValueCosts, OfSetsAndMapsOfMillionsOfMembers) {
  constexpr int bytes_max = 8 << 20;
  const auto copies = [](const std::string& member) {
    return times(bytes_max / static_cast<int>(member.size() + 1), ",", [&](int) { return member; });
  };
  const struct {
    std::string value;
    std::string response;
  } rows[] = {
      {R"("SS":[)" + copies(R"("")") + "]", "contains duplicates"},
      {R"("BS":[)" + copies(R"("")") + "]", "contains duplicates"},
      {R"("NS":[)" + copies(R"("1")") + "]", "contains duplicates"},
      {R"("L":[)" +
           times(150'000, ",",
                 [](int) { return std::string(R"({"M":{"a":{"M":{"b":{"N":"1"}}}}})"); }) +
           "]",
       R"("Count":0)"},
  };
  for (const auto& row : rows) {
    const std::string response = call("Scan", R"({"TableName":"costs","FilterExpression":"a = :v",
             "ExpressionAttributeValues":{":v":{)" +
                                                  row.value + "}}}");
    EXPECT_NE(response.find(row.response), std::string::npos) << row.value.substr(0, 20);
    expect_little_memory();
  }
}

TEST_F(ValueCosts, OfAValueThatAConditionUsesOften) {
  const std::string condition = times(150, " OR ", [](int) { return std::string("a = :v"); });
  const std::string response =
      call("DeleteItem", R"({"TableName":"costs","Key":{"p":{"S":"x"},"s":{"S":"x"}},
          "ConditionExpression":")" +
                             condition + R"(","ExpressionAttributeValues":{":v":{"S":")" +
                             std::string(1'900'000, 'x') + "\"}}}");
  EXPECT_NE(response.find("ConditionalCheckFailedException"), std::string::npos) << response;
  expect_little_memory();
}

}  // namespace
}  // namespace pageturner
