// What --host may say.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/result.hpp>
#include <string>

namespace pageturner {

// Reads an IPv4 or IPv6 address, or "localhost", which is 127.0.0.1. Fails with one line that says
// what is wrong. Other names are not looked up: glibc does that with shared libraries, which a
// static binary does not have beside it.
inline boost::system::result<boost::asio::ip::address, std::string> parse_host(
    const std::string& host) {
  boost::system::error_code error;
  const auto address =
      boost::asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
  if (error) return "host '" + host + "' is neither an IP address nor \"localhost\"";
  return address;
}

}  // namespace pageturner
