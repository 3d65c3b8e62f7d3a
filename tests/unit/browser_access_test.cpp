// Why: any web page can send requests to a server on the developer's machine; what it may send and
// read is decided here alone. Source: the Fetch standard for Origin, Sec-Fetch-* and CORS.
#include "server/http/browser_access.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace pageturner {
namespace {

// Returns "answered" or the flag that the refusal names.
std::string check(BrowserAccess& access, RequestHead head, bool is_dynamodb_request) {
  const auto checked = access.check(head, is_dynamodb_request);
  if (checked) return "answered";
  EXPECT_EQ(checked.error().type, ErrorType::access_denied);
  for (const char* flag : {"--allowed-hosts", "--cors"}) {
    if (checked.error().message.find(flag) != std::string::npos) return flag;
  }
  return checked.error().message;
}

TEST(BrowserAccess, AnswersPagesOfThisMachine) {
  const struct {
    const char* origin;
    const char* answer;
  } rows[] = {
      {"http://localhost:3000", "answered"},
      {"https://LOCALHOST", "answered"},
      {"capacitor://localhost", "answered"},
      {"http://app.localhost:1", "answered"},
      {"http://127.0.0.1:8080", "answered"},
      {"http://127.9.9.9", "answered"},
      {"http://[::1]:3000", "answered"},
      {"https://evil.example", "--cors"},
      {"http://localhost.evil.example", "--cors"},
      {"http://notlocalhost", "--cors"},
      {"http://192.168.0.1", "--cors"},
      {"null", "--cors"},
      {"localhost", "--cors"},
  };
  BrowserAccess access({});
  for (const auto& row : rows) {
    for (const char* method : {"POST", "OPTIONS", "GET"}) {
      const RequestHead head{.method = method, .host = "localhost:8010", .origin = row.origin};
      EXPECT_EQ(check(access, head, true), row.answer) << row.origin;
    }
  }
}

TEST(BrowserAccess, ReplacesTheDefaultByAList) {
  BrowserAccess access({.cors_origins = {"https://app.example", "null", "other.example:81"}});
  const struct {
    const char* origin;
    const char* answer;
  } rows[] = {
      {"https://app.example", "answered"},
      {"http://app.example", "--cors"},
      {"http://other.example:81", "answered"},
      {"http://other.example", "--cors"},
      {"null", "answered"},
      {"http://localhost:3000", "--cors"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(check(access, {.host = "a", .origin = row.origin}, true), row.answer) << row.origin;
  }
  BrowserAccess all({.cors_origins = {"a.example", "*"}});
  EXPECT_EQ(check(all, {.host = "a", .origin = "null"}, true), "answered");
  std::string lines;
  all.append_headers(lines, "http://b");
  EXPECT_EQ(lines.find("Access-Control-Allow-Origin: *\r\n"), 0U);
  lines.clear();
  access.append_headers(lines, "null");
  EXPECT_EQ(lines.find("Vary: Origin\r\nAccess-Control-Allow-Origin: null\r\n"), 0U);
}

// A page whose name resolves to this machine is of the same origin: it sends no Origin with GET.
TEST(BrowserAccess, AnswersBrowsersUnderOwnNamesOnly) {
  const struct {
    const char* host;
    bool is_own;
  } rows[] = {
      {"localhost", true},
      {"LocalHost:8010", true},
      {"a.localhost:8010", true},
      {"127.0.0.1:8010", true},
      {"192.168.1.2", true},
      {"[::1]:8010", true},
      {"[fd00::1]", true},
      {"dynamodb:8000", true},
      {"host.docker.internal:1", true},
      {"db.example:8010", true},
      {"DB.example", true},
      {"", true},
      {"evil.example", false},
      {"evil.example:8010", false},
      {"localhost.evil.example", false},
      {"127.0.0.1.evil.example", false},
      {"db.example.evil", false},
      {"x.db.example", false},
  };
  BrowserAccess access({.allowed_hosts = {"db.example"}});
  for (const auto& row : rows) {
    const std::string answer = row.is_own ? "answered" : "--allowed-hosts";
    EXPECT_EQ(check(access, {.method = "GET", .host = row.host}, false), answer) << row.host;
    EXPECT_EQ(check(access, {.host = row.host, .origin = "http://localhost"}, true), answer);
    EXPECT_EQ(check(access, {.host = row.host, .has_fetch_metadata = true}, true), answer);
    // Other clients may use any name.
    EXPECT_EQ(check(access, {.host = row.host}, true), "answered") << row.host;
  }
  BrowserAccess any({.allowed_hosts = {"*"}});
  EXPECT_EQ(check(any, {.host = "evil.example"}, false), "answered");
}

TEST(BrowserAccess, PrintsTheFirstRefusals) {
  BrowserAccess access({});
  testing::internal::CaptureStderr();
  const auto refuse = [&](const std::string& origin) {
    EXPECT_EQ(check(access, {.host = "a", .origin = origin}, true), "--cors");
  };
  refuse("http://b.example");
  refuse("http://b.example");
  const std::string hostile = "http://\x1b\n" + std::string(1000, 'a');
  refuse(hostile);
  for (int i = 0; i < 1000; ++i) refuse("http://" + std::to_string(i) + ".example");
  const std::string printed = testing::internal::GetCapturedStderr();
  const auto lines = static_cast<std::size_t>(std::count(printed.begin(), printed.end(), '\n'));
  EXPECT_EQ(lines, BrowserAccess::refusals_printed_max);
  EXPECT_EQ(printed.find('\x1b'), std::string::npos);
  EXPECT_EQ(printed.substr(0, printed.find('\n')),
            "pageturner: Requests of browsers with Origin 'http://b.example' are refused. The flag "
            "--cors allows more: --cors http://b.example");
}

}  // namespace
}  // namespace pageturner
