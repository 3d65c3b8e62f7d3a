// The value of --host, and URLs made from it.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pageturner {

// An address to listen on.
struct HostAddress {
  boost::asio::ip::address address;
  // Left out if the machine does not have it or its family. It is an error only if no address
  // remains.
  bool is_optional = false;
  // For `::`, which may receive IPv4 connections too without this.
  bool is_v6_only = false;
};

struct Hosts {
  std::vector<std::string> names;      // as given, each once: "localhost", "0.0.0.0", "::1"
  std::vector<HostAddress> addresses;  // the addresses of the names, each once, at least one
};

// Reads a list of hosts, separated by commas: IPv4 and IPv6 addresses, and "localhost", which is
// 127.0.0.1 and ::1. Errors: one line that names the wrong entry. Other names are not resolved:
// glibc needs shared libraries for that, which a static binary cannot rely on.
//
// `::` alone receives IPv4 connections too, unless the system is set otherwise
// (net.ipv6.bindv6only). Beside an IPv4 address it is IPv6 only, because the two sockets would
// conflict. An address that `0.0.0.0` or `::` covers is left out of `addresses`. In "0.0.0.0,::",
// which stands for all addresses, `::` is optional: a machine without IPv6 has IPv4 addresses only.
boost::system::result<Hosts, std::string> parse_hosts(std::string_view hosts);

// The address at which a client on this machine reaches a server that listens on `address`:
// loopback if that stands for all addresses.
boost::asio::ip::address to_reachable(const boost::asio::ip::address& address);

// "http://localhost:8010"; an IPv6 address gets brackets.
std::string format_url(std::string_view host, std::uint16_t port);

// The URLs of all hosts of the list, separated by commas.
std::string format_urls(const Hosts& hosts, std::uint16_t port);

// The URL at which a client on this machine reaches the first host of the list.
std::string format_client_url(const Hosts& hosts, std::uint16_t port);

}  // namespace pageturner
