// Why: SDKs verify the checksum and the length of every response, and users quote its request id.
// Source: recorded responses of the service; RFC 9110.
#include "server/http/response_head.h"

#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "server/http/http_limits.h"

namespace pageturner {
namespace {

// Returns the response completed behind `before`, which must stay unchanged.
std::string completed(const ResponseHead& response_head, std::string_view body,
                      const ResponseOptions& options = {}, const std::string& before = "") {
  std::string out = before + std::string(http_limits::head_room_bytes, '#') + std::string(body);
  const ResponseRange range = complete_response(out, before.size(), response_head, options);
  EXPECT_TRUE(out.starts_with(before));
  EXPECT_GE(range.begin, before.size());
  EXPECT_EQ(range.end, out.size());
  return out.substr(range.begin, range.end - range.begin);
}

std::string head_of(const std::string& response) {
  return response.substr(0, response.find("\r\n\r\n"));
}

std::string header(const std::string& response, const std::string& name) {
  const auto at = response.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "(none)";
  const auto begin = at + name.size() + 4;
  return response.substr(begin, response.find("\r\n", begin) - begin);
}

TEST(ResponseHead, HasTheServicesForm) {
  const std::string response =
      completed({.status = 200, .content_type = "application/x-amz-json-1.0"}, "123456789");
  EXPECT_TRUE(std::regex_match(
      response,
      std::regex("HTTP/1\\.1 200 OK\r\nServer: Server\r\n"
                 "Date: (Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] [A-Z][a-z]{2} 20[0-9]{2} "
                 "[0-2][0-9]:[0-5][0-9]:[0-6][0-9] GMT\r\n"
                 "Content-Type: application/x-amz-json-1\\.0\r\nContent-Length: 9\r\n"
                 "Connection: keep-alive\r\nx-amzn-RequestId: [0-9A-Z]{52}\r\n"
                 // CRC-32 of "123456789" is the standard check value CBF43926.
                 "x-amz-crc32: 3421780262\r\n\r\n123456789")))
      << response;
}

TEST(ResponseHead, HasAStatusLine) {
  const struct {
    unsigned status;
    const char* line;
  } rows[] = {
      {200, "HTTP/1.1 200 OK\r\n"},
      {400, "HTTP/1.1 400 Bad Request\r\n"},
      {404, "HTTP/1.1 404 Not Found\r\n"},
      {413, "HTTP/1.1 413 "},
      {431, "HTTP/1.1 431 Request Header Fields Too Large\r\n"},
      {500, "HTTP/1.1 500 Internal Server Error\r\n"},
      {501, "HTTP/1.1 501 Not Implemented\r\n"},
  };
  for (const auto& row : rows) {
    EXPECT_TRUE(completed({.status = row.status}, "").starts_with(row.line)) << row.status;
  }
}

TEST(ResponseHead, OmitsAbsentHeaders) {
  const std::string response = completed({.status = 200, .with_checksum = false}, "");
  EXPECT_EQ(header(response, "Content-Type"), "(none)");
  EXPECT_EQ(header(response, "x-amz-crc32"), "(none)");
  EXPECT_EQ(header(response, "Content-Length"), "0");
  EXPECT_EQ(header(completed({.status = 204}, ""), "Content-Length"), "(none)");
}

TEST(ResponseHead, TellsWhetherTheConnectionIsKeptAlive) {
  EXPECT_EQ(header(completed({}, "", {.keep_alive = false}), "Connection"), "close");
  EXPECT_EQ(header(completed({}, "", {.keep_alive = true}), "Connection"), "keep-alive");
}

TEST(ResponseHead, AnswersHeadWithoutTheBody) {
  const std::string response = completed({}, "0123456789", {.head_only = true});
  EXPECT_EQ(header(response, "Content-Length"), "10");
  EXPECT_TRUE(response.ends_with("\r\n\r\n"));
}

TEST(ResponseHead, AcceptsExtraHeadersOfAnySize) {
  for (const std::size_t size : {0u, 10u, 100u, 400u, 5'000u}) {
    const std::string extra = "X-Extra: " + std::string(size, 'e') + "\r\n";
    const std::string response =
        completed({.status = 200, .extra_headers = extra}, "the body", {}, "before");
    EXPECT_EQ(header(response, "X-Extra"), std::string(size, 'e'));
    EXPECT_TRUE(response.ends_with("\r\n\r\nthe body"));
    EXPECT_EQ(head_of(response).find('#'), std::string::npos);
  }
}

TEST(ResponseHead, AcceptsBodiesOfAnySize) {
  const std::string body(1'200'000, 'b');
  const std::string response = completed({}, body, {}, "an answer before");
  EXPECT_EQ(header(response, "Content-Length"), "1200000");
  EXPECT_TRUE(response.ends_with("\r\n\r\n" + body));
}

TEST(ResponseHead, GivesEveryResponseAnIdOfItsOwn) {
  std::set<std::string> ids;
  for (int i = 0; i < 1'000; ++i) ids.insert(header(completed({}, ""), "x-amzn-RequestId"));
  EXPECT_EQ(ids.size(), 1'000u);
}

}  // namespace
}  // namespace pageturner
