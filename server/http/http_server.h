// The HTTP/1.1 endpoint: threads, listening socket and connections around a RequestHandler.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <string>

namespace pageturner {

class RequestHandler;

struct HttpOptions {
  std::string host = "localhost";  // addresses and "localhost", as parse_hosts() reads them
  std::uint16_t port = 8010;       // of all addresses; 0 selects a free one
  unsigned threads = 0;            // 0: one for each core
};

class HttpServer {
 public:
  // Listens on all addresses of `options.host` and serves `handler`, which must outlive the server,
  // until stop(). Errors: one line that names the first address that it cannot listen on, and the
  // reason: the port is in use, the machine does not have the address, … An address of "localhost"
  // that the machine does not have is left out, because many machines have no IPv6.
  static boost::system::result<std::unique_ptr<HttpServer>, std::string> start(
      RequestHandler& handler, const HttpOptions& options);

  // Stops, if stop() was not called.
  ~HttpServer();

  // Returns the port that the server listens on.
  std::uint16_t port() const;

  // Returns the URL of the first address for a client on this machine. It needs no name resolution:
  // "http://127.0.0.1:8010".
  std::string endpoint() const;

  // Accepts no further connections, answers every request that has arrived, closes all connections
  // and joins the threads. Waits at most http_limits::stop_seconds_max for clients that do not
  // receive their responses, and without a limit for an operation that is running. A second call
  // waits for the first. Requires: not called on a thread of this server.
  void stop();

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pageturner
