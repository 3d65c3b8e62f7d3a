#include "server/http/browser_access.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cstdio>
#include <optional>
#include <utility>

#include "protocol/text.h"

namespace pageturner {
namespace {

bool has_suffix(std::string_view name, std::string_view suffix) {
  return name.size() > suffix.size() &&
         equals_ignoring_case(name.substr(name.size() - suffix.size()), suffix);
}

bool contains(const std::vector<std::string>& entries, std::string_view entry) {
  return std::any_of(entries.begin(), entries.end(),
                     [&](std::string_view other) { return equals_ignoring_case(entry, other); });
}

// Returns the name or the address, without brackets, of "name:port" or "[address]:port".
std::string_view without_port(std::string_view host_and_port) {
  if (host_and_port.starts_with('[')) {
    const auto end = host_and_port.find(']');
    return end == std::string_view::npos ? host_and_port : host_and_port.substr(1, end - 1);
  }
  return host_and_port.substr(0, host_and_port.find(':'));
}

std::optional<boost::asio::ip::address> read_address(std::string_view text) {
  boost::system::error_code error;
  const auto address = boost::asio::ip::make_address(std::string(text), error);
  return error ? std::nullopt : std::optional(address);
}

bool is_localhost(std::string_view name) {
  return equals_ignoring_case(name, "localhost") || has_suffix(name, ".localhost");
}

// Whether the pages of `origin`, such as "http://localhost:3000", come from this machine.
bool is_loopback_origin(std::string_view origin) {
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view host = without_port(origin.substr(scheme + 3));
  if (is_localhost(host)) return true;
  const auto address = read_address(host);
  return address && address->is_loopback();
}

// Whether `allowed`, an entry of cors_origins, includes `origin`, such as
// "https://example.com:8443".
bool is_origin_of(std::string_view origin, std::string_view allowed) {
  if (equals_ignoring_case(origin, allowed)) return true;
  const auto scheme = origin.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view host_and_port = origin.substr(scheme + 3);
  const std::string_view host = host_and_port.substr(0, host_and_port.rfind(':'));
  return equals_ignoring_case(host_and_port, allowed) || equals_ignoring_case(host, allowed);
}

}  // namespace

bool is_own_host_name(std::string_view host) {
  const std::string_view name = without_port(host);
  return name.find('.') == std::string_view::npos || is_localhost(name) ||
         equals_ignoring_case(name, "host.docker.internal") || read_address(name);
}

BrowserAccess::BrowserAccess(BrowserAccessOptions options)
    : options_(std::move(options)), allows_all_origins_(contains(options_.cors_origins, "*")) {}

Result<void> BrowserAccess::check(const RequestHead& head, bool is_dynamodb_request) {
  const bool is_by_page = !head.origin.empty() || head.has_fetch_metadata;
  if (is_dynamodb_request && !is_by_page) return {};
  if (!is_allowed_host(head.host)) {
    return refuse("Host", without_port(head.host), "--allowed-hosts");
  }
  if (!head.origin.empty() && !is_allowed_origin(head.origin)) {
    return refuse("Origin", head.origin, "--cors");
  }
  return {};
}

bool BrowserAccess::is_allowed_host(std::string_view host) const {
  const auto& allowed = options_.allowed_hosts;
  return is_own_host_name(host) || contains(allowed, without_port(host)) || contains(allowed, "*");
}

bool BrowserAccess::is_allowed_origin(std::string_view origin) const {
  if (allows_all_origins_) return true;
  if (options_.cors_origins.empty()) return is_loopback_origin(origin);
  return std::any_of(options_.cors_origins.begin(), options_.cors_origins.end(),
                     [&](std::string_view entry) { return is_origin_of(origin, entry); });
}

Error BrowserAccess::refuse(std::string_view what, std::string_view name, std::string_view flag) {
  constexpr std::size_t name_bytes_max = 100;
  std::string shown = printable(name.substr(0, name_bytes_max));
  std::replace(shown.begin(), shown.end(), '\n', '?');
  std::string text = concat("Requests of browsers with ", what, " '", shown,
                            "' are refused. The flag ", flag, " allows more: ", flag, ' ', shown);
  {
    const std::lock_guard guard(mutex_);
    const bool is_first =
        printed_.size() < refusals_printed_max && printed_.insert(concat(what, ' ', shown)).second;
    if (is_first) std::fprintf(stderr, "pageturner: %s\n", text.c_str());
  }
  return {ErrorType::access_denied, std::move(text)};
}

// Source of the exposed headers: recorded answers.
void BrowserAccess::append_headers(std::string& lines, std::string_view origin) const {
  const std::string_view allowed = allows_all_origins_ ? "*" : origin;
  lines += concat(allows_all_origins_ ? "" : "Vary: Origin\r\n",
                  "Access-Control-Allow-Origin: ", allowed,
                  "\r\nAccess-Control-Expose-Headers: "
                  "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date\r\n");
}

}  // namespace pageturner
