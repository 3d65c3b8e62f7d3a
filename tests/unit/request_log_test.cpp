// Why: the log is a side effect: whatever reads it, or does not, requests are answered. The form of
// its lines is tested through HTTP (tests/clients/test_request_log.py).
#include "server/request_log.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>

#include "protocol/json.h"
#include "server/operations/operation.h"

namespace pageturner {
namespace {

const RequestHead head{.method = "GET", .path = "/"};

// Returns all that can be read until the pipe is closed.
std::string read_all(int descriptor) {
  std::string text;
  char part[65536];
  ssize_t count = 0;
  while ((count = read(descriptor, part, sizeof part)) > 0) {
    text.append(part, static_cast<std::size_t>(count));
  }
  return text;
}

// Without a bound this would block once the pipe is full, or keep all lines.
TEST(RequestLog, DropsLinesThatNobodyReads) {
  for (const auto format : {RequestLog::Format::text, RequestLog::Format::json}) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    auto log = std::make_unique<RequestLog>(ends[1], format);
    constexpr std::size_t count = 100'000;
    for (std::size_t i = 0; i < count; ++i) log->write(head, {.status = 200});
    std::string text;
    std::thread reader([&] { text = read_all(ends[0]); });
    log.reset();  // writes what waits
    close(ends[1]);
    reader.join();
    close(ends[0]);
    const bool is_text = format == RequestLog::Format::text;
    const std::string begin = is_text ? " dropped " : "\"dropped\":";
    const auto at = text.find(begin);
    ASSERT_NE(at, std::string::npos);
    const std::size_t dropped = std::stoul(text.substr(at + begin.size()));
    const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    EXPECT_EQ(lines - 1 + dropped, count);
    EXPECT_LE(text.size(), 3 * RequestLog::waiting_bytes_max);
    EXPECT_EQ(text.find('\n', at), text.size() - 1);  // after the lines that waited
  }
}

TEST(RequestLog, EndsThoughThePipeIsFull) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  {
    RequestLog log(ends[1], RequestLog::Format::text);
    for (int i = 0; i < 10'000; ++i) log.write(head, {.status = 200});
  }
  close(ends[1]);
  EXPECT_FALSE(read_all(ends[0]).empty());  // also ends the write that was left behind
  close(ends[0]);
}

// The tables of a request are collected before its limits are checked.
TEST(RequestLog, NamesABoundedNumberOfTables) {
  const auto names_of = [](std::string_view operation, const std::string& body) {
    const JsonDocument document = JsonDocument::parse(body).value();
    return table_names(*find_operation(operation), document.root()).size();
  };
  const auto repeat = [](int count, auto text_of) {
    std::string text;
    for (int i = 0; i < count; ++i) text += (i > 0 ? "," : "") + text_of(std::to_string(i));
    return text;
  };
  for (const auto& [count, expected] : {std::pair(100, 100U), {20'000, 100U}}) {
    const std::string items =
        repeat(count, [](const std::string& number) { return "\"tab" + number + "\":{}"; });
    EXPECT_EQ(names_of("BatchGetItem", "{\"RequestItems\":{" + items + "}}"), expected);
    const std::string actions = repeat(count, [](const std::string& number) {
      return "{\"Put\":{\"TableName\":\"tab" + number + "\"}}";
    });
    EXPECT_EQ(names_of("TransactWriteItems", "{\"TransactItems\":[" + actions + "]}"), expected);
  }
  const std::string statements = repeat(200, [](const std::string& number) {
    return "{\"Statement\":\"SELECT * FROM tab" + number + "\"}";
  });
  EXPECT_EQ(names_of("BatchExecuteStatement", "{\"Statements\":[" + statements + "]}"), 0U);
}

}  // namespace
}  // namespace pageturner
