// Why: a list of hosts that is read wrong leaves out an address, so that clients are refused there,
// or is in its own way: two sockets cannot have one port of the same address.
#include "server/http/host_address.h"

#include <gtest/gtest.h>

#include <string>

namespace pageturner {
namespace {

// Each address, with "?" where it is optional and "6" where it is IPv6 alone; or the complaint.
std::string format(const boost::system::result<Hosts, std::string>& hosts) {
  if (!hosts) return hosts.error();
  std::string text;
  for (const HostAddress& host : hosts->addresses) {
    text += (text.empty() ? "" : " ") + host.address.to_string() + (host.is_optional ? "?" : "") +
            (host.is_v6_only ? " 6" : "");
  }
  return text;
}

TEST(HostAddress, ReadsLists) {
  const struct {
    const char* hosts;
    const char* addresses;  // or the complaint
  } rows[] = {
      {"localhost", "127.0.0.1? ::1?"},
      {"127.0.0.1", "127.0.0.1"},
      {"::1", "::1"},
      {" 127.0.0.1 , ::1,", "127.0.0.1 ::1"},
      // What is asked for by itself has to be there.
      {"localhost,::1", "127.0.0.1? ::1"},
      {"::1,localhost", "::1 127.0.0.1?"},
      {"127.0.0.1,127.0.0.1,127.0.0.1", "127.0.0.1"},
      {"0:0:0:0:0:0:0:1,::1", "::1"},
      // All addresses: what they cover is left out, and :: receives IPv4 unless that is there too.
      {"0.0.0.0", "0.0.0.0"},
      {"::", "::"},
      {"0.0.0.0,::", "0.0.0.0 ::? 6"},
      {"::,0.0.0.0", "::? 6 0.0.0.0"},
      {"127.0.0.1,::", "127.0.0.1 :: 6"},
      {"::,::1", "::"},
      {"localhost,0.0.0.0", "::1? 0.0.0.0"},
      {"localhost,::", "127.0.0.1? :: 6"},
      {"", "no address is given"},
      {" , ", "no address is given"},
      {"127.0.0.1,db.example", "'db.example' is neither an IP address nor \"localhost\""},
      {"Localhost", "'Localhost' is neither an IP address nor \"localhost\""},
      {"127.0.0.1:8010", "'127.0.0.1:8010' is neither an IP address nor \"localhost\""},
      {"127.0.0.1 ::1", "'127.0.0.1 ::1' is neither an IP address nor \"localhost\""},
  };
  for (const auto& row : rows)
    EXPECT_EQ(format(parse_hosts(row.hosts)), row.addresses) << row.hosts;
}

// The first is printed at the start, on one line without blanks; the second is what users type.
TEST(HostAddress, FormatsUrls) {
  const struct {
    const char* hosts;
    const char* urls;
    const char* client_url;
  } rows[] = {
      {"localhost", "http://localhost:80", "http://localhost:80"},
      {"127.0.0.1", "http://127.0.0.1:80", "http://127.0.0.1:80"},
      {"::1,localhost,::1", "http://[::1]:80,http://localhost:80", "http://[::1]:80"},
      {"0.0.0.0", "http://0.0.0.0:80", "http://localhost:80"},
      {"0.0.0.0,::", "http://0.0.0.0:80,http://[::]:80", "http://localhost:80"},
      {"127.0.0.1,0.0.0.0", "http://127.0.0.1:80,http://0.0.0.0:80", "http://localhost:80"},
      {"::", "http://[::]:80", "http://localhost:80"},
  };
  for (const auto& row : rows) {
    const Hosts hosts = *parse_hosts(row.hosts);
    EXPECT_EQ(format_urls(hosts, 80), row.urls);
    EXPECT_EQ(format_client_url(hosts, 80), row.client_url);
  }
}

}  // namespace
}  // namespace pageturner
