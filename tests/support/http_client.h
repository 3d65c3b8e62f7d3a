// A small blocking HTTP client for tests: one keep-alive connection, one request at a time. It
// sends requests as they are given, so that wrong ones can be sent too.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pageturner/emulator.h"
#include "tests/support/connection.h"

namespace pageturner {

struct HttpRequest {
  std::string method = "POST";
  std::string path = "/";
  std::vector<std::pair<std::string, std::string>> headers = {};  // beside Host, Content-Length
  std::string body = {};
};

struct HttpResponse {
  unsigned status = 0;
  std::map<std::string, std::string> headers = {};  // by name in lower case
  std::string body = {};

  // The value of a header, by its name in lower case; empty where there is none.
  std::string header(const std::string& name) const;
};

// Where a server listens.
struct HttpAddress {
  std::string host;  // a name, an IPv4 address or an IPv6 address without brackets
  std::uint16_t port = 80;
  bool is_tls = false;
};

// Parses "http://localhost:8010", "https://[::1]:443/" and the like. Throws std::runtime_error
// where the text is not a URL of these schemes or has a path.
HttpAddress parse_address(std::string_view url);

class HttpClient {
 public:
  // Connects with the first request, and again after the server has closed the connection. send()
  // throws std::runtime_error where the connection fails.
  explicit HttpClient(HttpAddress address) : address_(std::move(address)) {}
  // To a port of 127.0.0.1.
  explicit HttpClient(std::uint16_t port) : HttpClient(HttpAddress{"127.0.0.1", port, false}) {}

  // The Host header of its requests: "127.0.0.1:8010", "dynamodb.eu-west-1.amazonaws.com".
  std::string host_header() const;

  // Sends a request and waits for the answer.
  HttpResponse send(const HttpRequest& request);

 private:
  HttpResponse receive_answer(const HttpRequest& request);
  std::string take_chunks();
  // Takes `count` bytes of what the server sends.
  std::string take_bytes(std::size_t count);
  // Takes what stands before `end`, and `end` itself.
  std::string take_until(std::string_view end);
  // Appends at least one byte to received_.
  void receive_more();

  HttpAddress address_;
  std::unique_ptr<Connection> connection_;  // null while there is none
  std::string received_;
};

// Runs `operation` through `client`, as an AWS client would.
Response call(HttpClient& client, std::string_view operation, std::string_view body);

// A request as an AWS client sends it for `operation` of DynamoDB. Its signature is made up.
HttpRequest signed_request(std::string_view operation, std::string_view body);

// Signs a request of signed_request() in the place of what was made up: for the server that
// `host_header` names, in `region`, as of now.
void sign_request(HttpRequest& request, std::string_view host_header, const AccessKey& key,
                  std::string_view region);

}  // namespace pageturner
