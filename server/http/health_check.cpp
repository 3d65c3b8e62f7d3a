#include "server/http/health_check.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstddef>
#include <string_view>

#include "protocol/text.h"
#include "server/http/host_address.h"

namespace pageturner {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// The response to GET / is far shorter. A longer one is from another server.
constexpr std::size_t response_bytes_max = 16 * 1024;

// Sends `request` and appends to `response` until the server closes the connection. Returns the
// error of the first step that failed, or timed_out.
error_code exchange(const tcp::endpoint& endpoint, std::string_view request, std::string& response,
                    std::chrono::milliseconds timeout) {
  using Socket = asio::basic_stream_socket<tcp, asio::io_context::executor_type>;
  error_code outcome = asio::error::timed_out;
  asio::io_context context(1);
  Socket socket(context);
  const auto receive = [&](const error_code& error, std::size_t) {
    outcome = error == asio::error::eof ? error_code() : error;
  };
  const auto read = [&](const error_code& error, std::size_t) {
    if (error) {
      outcome = error;
    } else {
      asio::async_read(socket, asio::dynamic_buffer(response, response_bytes_max), receive);
    }
  };
  socket.async_connect(endpoint, [&](const error_code& error) {
    if (error) {
      outcome = error;
    } else {
      asio::async_write(socket, asio::buffer(request), read);
    }
  });
  context.run_for(timeout);  // unfinished steps are destroyed with the context
  return outcome;
}

}  // namespace

std::string check_health(const HttpOptions& options, std::chrono::milliseconds timeout) {
  const auto hosts = parse_hosts(options.host);
  if (!hosts) return hosts.error();
  const asio::ip::address address = to_reachable(hosts->addresses.front().address);
  std::string response;
  const error_code error =
      exchange(tcp::endpoint(address, options.port),
               "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", response, timeout);
  if (error == asio::error::timed_out) {
    return concat("no answer within ", timeout.count(), " ms");
  }
  if (error) return error.message();
  if (!response.starts_with("HTTP/1.1 200 ")) return "the answer to GET / is not 200 OK";
  return {};
}

}  // namespace pageturner
