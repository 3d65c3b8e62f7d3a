// A small blocking HTTP client for tests: one keep-alive connection to 127.0.0.1, one request at a
// time. It sends requests unchanged, so that tests can send invalid ones.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pageturner/emulator.h"

namespace pageturner {

struct HttpRequest {
  std::string method = "POST";
  std::string path = "/";
  std::vector<std::pair<std::string, std::string>> headers = {};  // without Host, Content-Length
  std::string body = {};
};

struct HttpResponse {
  unsigned status = 0;
  std::map<std::string, std::string> headers = {};  // by name in lower case
  std::string body = {};

  // Returns the value of a header by its lower-case name; empty if absent.
  std::string header(const std::string& name) const;
};

class HttpClient {
 public:
  // Connects on the first request. All members throw std::runtime_error if the connection fails.
  explicit HttpClient(std::uint16_t port) : port_(port) {}
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  HttpResponse send(const HttpRequest& request);

 private:
  void connect();
  void disconnect();
  void send_all(std::string_view bytes);
  // Appends at least one byte to received_.
  void receive_more();
  std::string take_bytes(std::size_t count);
  // Removes and returns the bytes before `end`, and also removes `end`.
  std::string take_until(std::string_view end);

  std::uint16_t port_;
  int socket_ = -1;
  std::string received_;
};

// Sends `operation` through `client` as an AWS client does, and returns the response.
Response call(HttpClient& client, std::string_view operation, std::string_view body);

// Returns a DynamoDB request for `operation` as an AWS client sends it, with an invented signature.
HttpRequest signed_request(std::string_view operation, std::string_view body);

}  // namespace pageturner
