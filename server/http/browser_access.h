// Which pages in browsers may use the server. A browser lets every page send requests to this
// machine, directly (CORS) or by a host name of its own that resolves to this machine (DNS
// rebinding), and the server has no other protection unless access keys are set.
#pragma once

#include <cstddef>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "server/request_handler.h"

namespace pageturner {

struct BrowserAccessOptions {
  // The origins whose pages may use the server: origins ("https://example.com", "null"), or domains
  // with or without a port ("example.com", "localhost:3000") for all their origins. Containing "*":
  // all origins. Empty: the origins of this machine, of any scheme and port.
  std::vector<std::string> cors_origins = {};
  // Names by which browsers may reach the server, beside those of is_own_host_name(). Containing
  // "*": any name.
  std::vector<std::string> allowed_hosts = {};
};

// Whether `host`, the value of a Host header, cannot be a name that a foreign page rebinds to this
// machine: an IP address, a name without a dot, a subdomain of "localhost" or
// "host.docker.internal"; or empty, which no browser sends.
bool is_own_host_name(std::string_view host);

// Thread-safe.
class BrowserAccess {
 public:
  explicit BrowserAccess(BrowserAccessOptions options);

  // Decides whether a request is answered. Its Host is checked if a browser may have sent it: if it
  // has an Origin or Sec-Fetch headers, or is no request of DynamoDB's protocol
  // (`is_dynamodb_request`), because a page of the same origin sends neither with GET. Other
  // clients may use any name. Errors: AccessDeniedException that names the flag. The first refusal
  // of each origin and host is printed to stderr, see refusals_printed_max.
  Result<void> check(const RequestHead& head, bool is_dynamodb_request);

  // Appends the headers that let a page of `origin` read the response. Requires: check() accepted
  // the request.
  void append_headers(std::string& lines, std::string_view origin) const;

  // Bounds the memory of the origins and hosts whose refusal was printed.
  static constexpr std::size_t refusals_printed_max = 100;

 private:
  bool is_allowed_host(std::string_view host) const;
  bool is_allowed_origin(std::string_view origin) const;
  Error refuse(std::string_view what, std::string_view name, std::string_view flag);

  const BrowserAccessOptions options_;
  const bool allows_all_origins_;
  std::mutex mutex_;
  std::set<std::string> printed_;  // guarded by mutex_
};

}  // namespace pageturner
