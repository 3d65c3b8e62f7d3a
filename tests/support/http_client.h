// A small blocking HTTP client for tests: one keep-alive connection to 127.0.0.1, one request at a
// time. It sends exactly what it is told, so that wrong requests can be sent too.
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

class HttpClient {
 public:
  // Connects with the first request. Everything here throws std::runtime_error where the
  // connection fails.
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
  // Takes what stands before `end`, and `end` itself.
  std::string take_until(std::string_view end);

  std::uint16_t port_;
  int socket_ = -1;
  std::string received_;
};

// Runs `operation` through `client`, as an AWS client would.
Response call(HttpClient& client, std::string_view operation, std::string_view body);

// A request as an AWS client sends it for `operation` of DynamoDB. Its signature is made up.
HttpRequest signed_request(std::string_view operation, std::string_view body);

}  // namespace pageturner
