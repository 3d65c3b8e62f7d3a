#include "tests/support/http_client.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <ctime>
#include <sstream>
#include <stdexcept>

#include "protocol/signature_v4.h"

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

HttpAddress parse_address(std::string_view url) {
  const std::string whole(url);
  HttpAddress address;
  address.is_tls = url.starts_with("https://");
  if (!address.is_tls && !url.starts_with("http://")) {
    throw std::runtime_error("no URL of http or https: " + whole);
  }
  url.remove_prefix(url.find("//") + 2);
  if (url.ends_with('/')) url.remove_suffix(1);
  address.port = address.is_tls ? 443 : 80;
  // A colon inside of brackets belongs to an IPv6 address.
  const auto colon = url.rfind(':');
  if (colon != std::string_view::npos && url.find(']', colon) == std::string_view::npos) {
    const char* end = url.data() + url.size();
    const auto [stop, error] = std::from_chars(url.data() + colon + 1, end, address.port);
    if (stop != end || error != std::errc{}) throw std::runtime_error("no port: " + whole);
    url = url.substr(0, colon);
  }
  if (url.starts_with('[') && url.ends_with(']')) url = url.substr(1, url.size() - 2);
  if (url.empty() || url.find('/') != std::string_view::npos) {
    throw std::runtime_error("no host alone: " + whole);
  }
  address.host = url;
  return address;
}

std::string HttpClient::host_header() const {
  std::string host = address_.host;
  if (host.find(':') != std::string::npos) host = "[" + host + "]";
  if (address_.port != (address_.is_tls ? 443 : 80)) host += ":" + std::to_string(address_.port);
  return host;
}

HttpResponse HttpClient::send(const HttpRequest& request) {
  if (!connection_) {
    received_.clear();
    connection_ = std::make_unique<Connection>(address_.host, address_.port, address_.is_tls);
  }
  std::string bytes = request.method + " " + request.path + " HTTP/1.1\r\n";
  bytes += "Host: " + host_header() + "\r\n";
  for (const auto& [name, value] : request.headers) bytes.append(name + ": " + value + "\r\n");
  bytes += "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
  try {
    connection_->send(bytes);
    return receive_answer(request);
  } catch (...) {
    connection_.reset();
    throw;
  }
}

HttpResponse HttpClient::receive_answer(const HttpRequest& request) {
  HttpResponse response = parse_head(take_until("\r\n\r\n"));
  const std::string length = response.header("content-length");
  if (request.method == "HEAD") {
    // It has the headers of a body, but none.
  } else if (response.header("transfer-encoding") == "chunked") {
    response.body = take_chunks();
  } else if (!length.empty()) {
    response.body = take_bytes(std::stoul(length));
  }
  if (response.header("connection") == "close") connection_.reset();
  return response;
}

std::string HttpClient::take_chunks() {
  std::string body;
  for (;;) {
    const std::size_t size = std::stoul(take_until("\r\n"), nullptr, 16);
    body += take_bytes(size);
    take_until("\r\n");
    if (size == 0) return body;
  }
}

void HttpClient::receive_more() {
  const std::string more = connection_->receive();
  if (more.empty()) throw std::runtime_error("the connection was closed before the answer's end");
  received_ += more;
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

void sign_request(HttpRequest& request, std::string_view host_header, const AccessKey& key,
                  std::string_view region) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char time[32];
  std::strftime(time, sizeof time, "%Y%m%dT%H%M%SZ", &parts);
  std::erase_if(request.headers, [](const auto& header) {
    return header.first == "X-Amz-Date" || header.first == "Authorization";
  });
  request.headers.emplace_back("X-Amz-Date", time);
  if (!key.session_token.empty()) {
    request.headers.emplace_back("X-Amz-Security-Token", key.session_token);
  }

  Signature signature{.key_id = key.id, .time = time, .signed_headers = {"host"}};
  signature.scope =
      signature.time.substr(0, 8) + "/" + std::string(region) + "/dynamodb/aws4_request";
  std::string lines = "Host: " + std::string(host_header) + "\r\n";
  for (const auto& [name, value] : request.headers) {
    signature.signed_headers.insert(lower(name));
    lines.append(name).append(": ").append(value).append("\r\n");
  }
  std::string names;
  for (const std::string& name : signature.signed_headers) {
    if (!names.empty()) names += ';';
    names += name;
  }
  request.headers.emplace_back(
      "Authorization",
      "AWS4-HMAC-SHA256 Credential=" + key.id + "/" + signature.scope + ", SignedHeaders=" + names +
          ", Signature=" +
          sign(signature, {request.method, request.path, lines, request.body}, key.secret));
}

Response call(HttpClient& client, std::string_view operation, std::string_view body) {
  HttpResponse response = client.send(signed_request(operation, body));
  return {response.status, std::move(response.body)};
}

}  // namespace pageturner
