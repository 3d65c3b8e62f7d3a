#include "server/http/host_address.h"

#include <algorithm>

#include "protocol/text.h"

namespace pageturner {
namespace {

namespace ip = boost::asio::ip;
using Addresses = std::vector<HostAddress>;

void add_address(const ip::address& address, bool is_optional, Addresses& addresses) {
  const auto same = std::find_if(addresses.begin(), addresses.end(), [&](const HostAddress& other) {
    return other.address == address;
  });
  if (same == addresses.end()) {
    addresses.push_back({.address = address, .is_optional = is_optional});
  } else {
    same->is_optional = same->is_optional && is_optional;
  }
}

// Applies what `0.0.0.0` and `::` mean for the others, as the comment on parse_hosts() has it.
void settle_all_addresses(Addresses& addresses) {
  bool has_v4 = false;
  bool has_all_v4 = false;
  bool has_all_v6 = false;
  for (const HostAddress& host : addresses) {
    has_v4 |= host.address.is_v4();
    if (host.address.is_unspecified()) (host.address.is_v4() ? has_all_v4 : has_all_v6) = true;
  }
  const auto is_covered = [&](const HostAddress& host) {
    return !host.address.is_unspecified() && (host.address.is_v4() ? has_all_v4 : has_all_v6);
  };
  addresses.erase(std::remove_if(addresses.begin(), addresses.end(), is_covered), addresses.end());
  for (HostAddress& host : addresses) {
    if (!host.address.is_v6() || !host.address.is_unspecified()) continue;
    host.is_v6_only = has_v4;
    host.is_optional = has_all_v4;
  }
}

}  // namespace

boost::system::result<Hosts, std::string> parse_hosts(std::string_view hosts) {
  Hosts parsed;
  while (!hosts.empty()) {
    const std::string name(trim_blanks(take_part(hosts, ',')));
    if (name.empty()) continue;
    if (name == "localhost") {
      add_address(ip::address_v4::loopback(), true, parsed.addresses);
      add_address(ip::address_v6::loopback(), true, parsed.addresses);
    } else {
      boost::system::error_code error;
      const ip::address address = ip::make_address(name, error);
      if (error) return concat('\'', name, "' is neither an IP address nor \"localhost\"");
      add_address(address, false, parsed.addresses);
    }
    if (std::find(parsed.names.begin(), parsed.names.end(), name) == parsed.names.end()) {
      parsed.names.push_back(name);
    }
  }
  if (parsed.names.empty()) return std::string("no address is given");
  settle_all_addresses(parsed.addresses);
  return parsed;
}

ip::address to_reachable(const ip::address& address) {
  if (!address.is_unspecified()) return address;
  if (address.is_v6()) return ip::address_v6::loopback();
  return ip::address_v4::loopback();
}

std::string format_url(std::string_view host, std::uint16_t port) {
  const bool is_v6 = host.find(':') != std::string_view::npos;
  return concat("http://", is_v6 ? "[" : "", host, is_v6 ? "]:" : ":", port);
}

std::string format_urls(const Hosts& hosts, std::uint16_t port) {
  return join(hosts.names, ",", [&](std::string_view name) { return format_url(name, port); });
}

std::string format_client_url(const Hosts& hosts, std::uint16_t port) {
  const bool is_all = hosts.addresses.front().address.is_unspecified();
  return format_url(is_all ? "localhost" : hosts.names.front(), port);
}

}  // namespace pageturner
