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
  std::uint16_t port = 8010;       // of all of them; 0 picks a free one
  unsigned threads = 0;            // 0: one for each core
};

class HttpServer {
 public:
  // Listens on all addresses of `options.host`, and serves `handler` (which has to outlive the
  // server) until stop(). Fails with one line that names the first address that it cannot listen
  // on, and why: a port in use, an address that is none of this machine's, … An address of
  // "localhost" that the machine does not have is left out: many have no IPv6.
  static boost::system::result<std::unique_ptr<HttpServer>, std::string> start(
      RequestHandler& handler, const HttpOptions& options);

  // Stops, if stop() was not called.
  ~HttpServer();

  // The port listened on: the one asked for, or the one that 0 picked.
  std::uint16_t port() const;

  // The URL at which a client on this machine reaches the first address listened on. It needs no
  // name resolution: "http://127.0.0.1:8010".
  std::string endpoint() const;

  // Takes no new connections, lets every request that has arrived be answered, closes all and joins
  // the threads. At most http_limits::stop_seconds_max for connections that do not take their
  // answers. A second call does nothing.
  void stop();

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pageturner
