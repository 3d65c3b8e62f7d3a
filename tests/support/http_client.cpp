#include "tests/support/http_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>
#include <stdexcept>

namespace pageturner {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

HttpResponse parse_head(const std::string& head) {
  HttpResponse response;
  std::istringstream lines(head);
  std::string line;
  std::getline(lines, line);
  if (!line.starts_with("HTTP/1.1 ")) throw std::runtime_error("no HTTP answer: " + line);
  response.status = static_cast<unsigned>(std::stoul(line.substr(9, 3)));
  while (std::getline(lines, line)) {
    if (line.ends_with('\r')) line.pop_back();
    const auto colon = line.find(": ");
    if (colon == std::string::npos) throw std::runtime_error("no header: " + line);
    response.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
  }
  return response;
}

}  // namespace

std::string HttpResponse::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

HttpClient::~HttpClient() { disconnect(); }

HttpResponse HttpClient::send(const HttpRequest& request) {
  if (socket_ < 0) connect();
  std::string bytes = request.method + " " + request.path + " HTTP/1.1\r\n";
  bytes += "Host: localhost:" + std::to_string(port_) + "\r\n";
  for (const auto& [name, value] : request.headers) bytes.append(name + ": " + value + "\r\n");
  bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
  send_all(bytes);

  HttpResponse response = parse_head(take_until("\r\n\r\n"));
  const std::string length = response.header("content-length");
  if (!length.empty() && request.method != "HEAD") response.body = take_bytes(std::stoul(length));
  if (response.header("connection") == "close") disconnect();
  return response;
}

void HttpClient::connect() {
  socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  // One write may be split into packets; TCP_NODELAY sends each without waiting for an ACK.
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("no connection to port " + std::to_string(port_));
  }
}

void HttpClient::disconnect() {
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
  received_.clear();
}

void HttpClient::send_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // The server may respond and stop reading before it has read everything.
    if (count <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void HttpClient::receive_more() {
  std::array<char, 65536> buffer;
  const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (count <= 0) throw std::runtime_error("the connection was closed before the answer's end");
  received_.append(buffer.data(), static_cast<std::size_t>(count));
}

std::string HttpClient::take_bytes(std::size_t count) {
  while (received_.size() < count) receive_more();
  std::string taken = received_.substr(0, count);
  received_.erase(0, count);
  return taken;
}

std::string HttpClient::take_until(std::string_view end) {
  while (received_.find(end) == std::string::npos) receive_more();
  std::string taken = take_bytes(received_.find(end));
  received_.erase(0, end.size());
  return taken;
}

HttpRequest signed_request(std::string_view operation, std::string_view body) {
  HttpRequest request;
  const bool is_target = operation.find('.') != std::string_view::npos;
  request.headers = {
      {"X-Amz-Target", (is_target ? "" : "DynamoDB_20120810.") + std::string(operation)},
      {"Content-Type", "application/x-amz-json-1.0"},
      {"X-Amz-Date", "20260102T030405Z"},
      {"Authorization",
       "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20260102/us-east-1/dynamodb/aws4_request, "
       "SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
       "Signature=0000000000000000000000000000000000000000000000000000000000000000"}};
  request.body = body;
  return request;
}

Response call(HttpClient& client, std::string_view operation, std::string_view body) {
  HttpResponse response = client.send(signed_request(operation, body));
  return {response.status, std::move(response.body)};
}

}  // namespace pageturner
