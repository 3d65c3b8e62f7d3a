// Why: bytes arrive on a connection in pieces of any size, as several requests at once, or as
// invalid HTTP; a framing error mixes requests up. Source: RFC 9112; the limits in
// server/http/http_limits.h.
#include "server/http/request_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "server/http/http_limits.h"
#include "tests/support/request_framing.h"

namespace pageturner {
namespace {

using State = RequestReader::State;

std::string format(const FramedRequest& request) {
  std::string text(request.head.method);
  text.append(" ").append(request.head.path).append(" ").append(request.body);
  return text + (request.keep_alive ? " +" : " -");
}

// Returns all requests in `bytes`, fed in pieces of `step` bytes; a rejected one as its status.
std::vector<std::string> read_all(std::string_view bytes, std::size_t step = ~std::size_t{0}) {
  RequestReader reader;
  std::vector<std::string> requests;
  const State state = read_requests(
      reader, bytes, [&] { return step; },
      [&](const FramedRequest& request) { requests.push_back(format(request)); });
  if (state == State::refused) requests.push_back(std::to_string(reader.refusal()));
  return requests;
}

using Requests = std::vector<std::string>;

std::string post(std::string_view body, std::string_view headers = "") {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

TEST(RequestReader, FramesARequest) {
  EXPECT_EQ(read_all(post("{}")), Requests{"POST / {} +"});
  EXPECT_EQ(read_all("GET /shell?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"), Requests{"GET /shell?x=1  +"});
}

TEST(RequestReader, KeepsTheHeadersTheServiceUses) {
  RequestReader reader;
  feed(reader,
       post("{}",
            "x-AMZ-target: DynamoDB_20120810.ListTables\r\nContent-Type:  "
            "application/x-amz-json-1.0 \r\nContent-Encoding: gzip\r\nAuthorization: "
            "AWS4-HMAC-SHA256 "
            "Credential=a\r\nX-Amz-Date: 20260101T000000Z\r\nDate: today\r\nOrigin: "
            "http://b\r\nAccess-Control-Request-Headers: h\r\nAccess-Control-Request-Method: "
            "POST\r\nX-Other: o\r\n"));
  ASSERT_EQ(reader.next(), State::complete);
  const RequestHead& head = reader.request().head;
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.path, "/");
  EXPECT_EQ(head.host, "a");
  EXPECT_EQ(head.target, "DynamoDB_20120810.ListTables");
  EXPECT_EQ(head.content_type, "application/x-amz-json-1.0");
  EXPECT_EQ(head.content_encoding, "gzip");
  EXPECT_EQ(head.authorization, "AWS4-HMAC-SHA256 Credential=a");
  EXPECT_EQ(head.amz_date, "20260101T000000Z");
  EXPECT_EQ(head.date, "today");
  EXPECT_EQ(head.origin, "http://b");
  EXPECT_EQ(head.access_control_request_headers, "h");
  EXPECT_EQ(head.access_control_request_method, "POST");
}

// Who reads a folded line as two, or another Host than this server, sees another request. And the
// Host is part of responses.
TEST(RequestReader, RefusesFoldedLinesAndOtherHosts) {
  const struct {
    std::string headers;
    bool is_accepted;
  } rows[] = {
      {"Host: a\r\n", true},
      {"X: y\r\nHost: [::1]:8010\r\n", true},
      {"", true},
      {"Host: a\r\nX:\r\n y\r\n", false},
      {"Host: a\r\nX: y\r\n\tz\r\n", false},
      {"Host:\r\n a\r\n", false},
      {"Host: a\r\nHost: a\r\n", false},
      {"Host: a\r\nX: y\r\nhost: b\r\n", false},
      {"Host:\r\nHost: b\r\n", false},
      {"Host: \xff\r\n", false},
      {"Host: a b\r\n", false},
      {"Host: a\x7f\r\n", false},
  };
  for (const auto& row : rows) {
    const Requests expected = {row.is_accepted ? "GET /  +" : "400"};
    for (const std::size_t step : {std::size_t{1}, ~std::size_t{0}}) {
      EXPECT_EQ(read_all("GET / HTTP/1.1\r\n" + row.headers + "\r\n", step), expected)
          << row.headers;
    }
  }
  EXPECT_EQ(read_all("GET http://\xff/ HTTP/1.1\r\nHost: a\r\n\r\n"), Requests{"400"});
}

TEST(RequestReader, NoticesTheHeadersOfBrowsers) {
  for (const auto& [line, is_sent] : {std::pair("sec-fetch-Site: none\r\n", true),
                                      {"Sec-Fetc: 1\r\n", false},
                                      {"X-Sec-Fetch-Mode: 1\r\n", false}}) {
    RequestReader reader;
    feed(reader, post("{}", line));
    ASSERT_EQ(reader.next(), State::complete);
    EXPECT_EQ(reader.request().head.has_fetch_metadata, is_sent) << line;
  }
}

// Many connections that send large bodies slowly would fill the memory.
TEST(RequestReader, LimitsTheBytesOfAllConnections) {
  constexpr std::size_t body_bytes = 16'000'000;
  const std::string head =
      "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body_bytes) + "\r\n\r\n";
  // Sends all of a body but its last byte. The bytes are not written: only their number counts.
  const auto begin_body = [&](RequestReader& reader) {
    feed(reader, head);
    const State state = reader.next();
    if (state != State::incomplete) return state;
    reader.prepare();
    reader.commit(body_bytes - 1);
    return reader.next();
  };
  constexpr std::size_t count = http_limits::held_bytes_max / body_bytes;
  std::vector<RequestReader> readers(count);
  for (RequestReader& reader : readers) EXPECT_EQ(begin_body(reader), State::incomplete);
  RequestReader refused;
  ASSERT_EQ(begin_body(refused), State::refused);
  EXPECT_EQ(refused.refusal(), 503U);
  EXPECT_EQ(read_all(post("{}")), Requests{"POST / {} +"});  // small requests are not limited
  readers.pop_back();
  RequestReader next;
  EXPECT_EQ(begin_body(next), State::incomplete);
}

// A signature may cover any header, and needs the lines exactly as sent.
// The buffer would stay as long as the client keeps the next request incomplete, and only the bytes
// of that count.
TEST(RequestReader, FreesTheBufferOfALargeBody) {
  const std::string body(1024 * 1024, 'x');
  const std::string text =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n" + body +
      "\r\n0\r\n\r\nPOST";
  RequestReader reader;
  std::size_t requests = 0;
  const auto state = read_requests(
      reader, text, [] { return 100'000; }, [&](const FramedRequest&) { ++requests; });
  EXPECT_EQ(state, State::incomplete);
  EXPECT_EQ(requests, 1U);
  EXPECT_LE(reader.capacity(), http_limits::read_buffer_bytes_busy);
}

TEST(RequestReader, KeepsAllHeaderLines) {
  const std::string lines =
      "Host: a\r\nx-other:  o  p\r\nX-Other:q\r\nContent-Length: 5000\r\n\r\n";
  RequestReader reader;
  feed(reader, "POST /?x=1 HTTP/1.1\r\n" + lines);
  ASSERT_EQ(reader.next(), State::incomplete);
  std::size_t missing = 5000;  // exceeds the initial buffer, so that the head is moved
  while (missing > 0) missing -= feed(reader, std::string(missing, 'b'));
  ASSERT_EQ(reader.next(), State::complete);
  EXPECT_EQ(reader.request().head.header_lines, lines);
}

TEST(RequestReader, FramesSplitAndPipelinedRequests) {
  const std::string chunked =
      "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\nA;ext=1\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
  // Split into pieces, the last chunk is shorter than Beast's parser expects.
  const std::string empty =
      "POST /e HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  const std::string bytes = post("first") + "GET /x HTTP/1.1\r\nHost: a\r\n\r\n" + chunked + empty +
                            post(std::string(10'000, 'y')) + post("");
  const Requests expected = {"POST / first +",
                             "GET /x  +",
                             "POST /c abc0123456789 +",
                             "POST /e  +",
                             "POST / " + std::string(10'000, 'y') + " +",
                             "POST /  +"};
  for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{100},
                                 std::size_t{4096}, ~std::size_t{0}}) {
    EXPECT_EQ(read_all(bytes, step), expected) << step;
  }
}

TEST(RequestReader, KeepsViewsValidAcrossALargeBody) {
  const std::string body(3'000'000, 'z');
  const std::string bytes = post(body, "X-Amz-Target: T\r\n");
  RequestReader reader;
  std::size_t fed = 0;
  while (reader.next() == State::incomplete) {
    ASSERT_LT(fed, bytes.size());
    fed += feed(reader, std::string_view(bytes).substr(fed, 60'000));
  }
  EXPECT_EQ(reader.request().head.target, "T");
  EXPECT_EQ(reader.request().body, body);
  EXPECT_TRUE(reader.is_last());
  EXPECT_EQ(reader.next(), State::incomplete);
  EXPECT_TRUE(reader.is_empty());
  reader.trim();
  EXPECT_EQ(reader.capacity(), http_limits::read_buffer_bytes_min);
}

TEST(RequestReader, TellsWhetherTheConnectionIsKeptAlive) {
  const struct {
    const char* head;
    const char* request;
  } rows[] = {
      {"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET /  +"},
      {"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET /  -"},
      {"GET / HTTP/1.1\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n", "GET /  +"},
      {"GET / HTTP/1.0\r\n\r\n", "GET /  -"},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET /  +"},
  };
  for (const auto& row : rows) EXPECT_EQ(read_all(row.head), Requests{row.request}) << row.head;
}

TEST(RequestReader, IgnoresEmptyLinesBeforeARequest) {
  EXPECT_EQ(read_all("\r\n\r\n" + post("a") + "\r\n" + post("b")),
            (Requests{"POST / a +", "POST / b +"}));
}

TEST(RequestReader, TakesTheHostFromAWholeUrl) {
  RequestReader reader;
  feed(reader, "GET http://proxied:1/x?y HTTP/1.1\r\nHost: a\r\n\r\n");
  ASSERT_EQ(reader.next(), State::complete);
  EXPECT_EQ(reader.request().head.host, "proxied:1");
  EXPECT_EQ(reader.request().head.path, "/x?y");
}

TEST(RequestReader, RejectsInvalidHttp) {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\n";
  const struct {
    std::string bytes;
    const char* status;
  } rows[] = {
      {"\x16\x03\x01\x02", "400"},  // TLS
      {"hello\r\n", "400"},
      {"GET / HTTP/2.0\r\n\r\n", "400"},
      {"GET / HTTP/1.1\nHost: a\n\n", "400"},
      {"GET  HTTP/1.1\r\n\r\n", "400"},
      {head + "no colon\r\n\r\n", "400"},
      {head + "Content-Length: x\r\n\r\n", "400"},
      {head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "400"},
      {head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
      {head + "Transfer-Encoding: gzip\r\n\r\n", "501"},
      {head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", "400"},
      {head + "Content-Length: 16777217\r\n\r\n", "413"},
      {head + "X: " + std::string(70'000, 'x') + "\r\n\r\n", "431"},
      {head + "X: " + std::string(70'000, 'x'), "431"},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(read_all(row.bytes), Requests{row.status}) << row.bytes.substr(0, 80);
    EXPECT_EQ(read_all(row.bytes, 1), Requests{row.status}) << row.bytes.substr(0, 80);
  }
}

TEST(RequestReader, KeepsRejectingAfterAnError) {
  RequestReader reader;
  feed(reader, "nonsense\r\n\r\n");
  EXPECT_EQ(reader.next(), State::refused);
  feed(reader, post("a"));
  EXPECT_EQ(reader.next(), State::refused);
}

TEST(RequestReader, LimitsBodies) {
  const std::string head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(read_all(head + "1000000\r\n" + std::string(http_limits::body_bytes_max, 'b') +
                     "\r\n0\r\n\r\n")
                .front()
                .size(),
            std::string("POST /  +").size() + http_limits::body_bytes_max);
  EXPECT_EQ(read_all(head + "1000001\r\n" + std::string(10, 'b')), Requests{"413"});
}

TEST(RequestReader, RequiresOneContinueResponse) {
  RequestReader reader;
  feed(reader, "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(reader.next(), State::incomplete);
  EXPECT_TRUE(reader.is_in_body());
  EXPECT_TRUE(reader.take_continue());
  EXPECT_FALSE(reader.take_continue());
  feed(reader, "{}");
  EXPECT_EQ(reader.next(), State::complete);
  EXPECT_EQ(reader.request().body, "{}");
  // No 100 Continue if the body has already arrived.
  feed(reader, post("{}", "Expect: 100-continue\r\n"));
  EXPECT_EQ(reader.next(), State::complete);
  EXPECT_FALSE(reader.take_continue());
}

}  // namespace
}  // namespace pageturner
