#include "server/http/http_server.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <exception>
#include <list>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "protocol/text.h"
#include "server/error_log.h"
#include "server/http/connections.h"
#include "server/http/host_address.h"
#include "server/http/http_limits.h"
#include "server/http/io_threads.h"
#include "server/http/memory_reserve.h"
#include "server/http/wait_memory.h"

namespace pageturner {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// The largest number of connections at one time.
std::size_t connection_limit() {
  rlimit descriptors{};
  if (getrlimit(RLIMIT_NOFILE, &descriptors) != 0 || descriptors.rlim_cur == RLIM_INFINITY) {
    return http_limits::connections_max;
  }
  const auto limit = static_cast<std::size_t>(descriptors.rlim_cur);
  const auto reserved = std::min(http_limits::descriptors_reserved, limit / 2);
  return std::min(http_limits::connections_max, limit - reserved);
}

using Acceptor = asio::basic_socket_acceptor<tcp, IoThreads::Executor>;

struct ListenFailure {
  tcp::endpoint endpoint;
  error_code error;
};

std::string to_text(const ListenFailure& failure) {
  const tcp::endpoint& endpoint = failure.endpoint;
  const std::string address = endpoint.address().to_string();
  const bool is_v6 = endpoint.address().is_v6();
  const bool is_in_use = failure.error == asio::error::address_in_use;
  return concat(
      "cannot listen on ", is_v6 ? "[" : "", address, is_v6 ? "]:" : ":", endpoint.port(), ": ",
      is_in_use ? concat("port ", endpoint.port(), " is in use") : failure.error.message());
}

// Whether the machine does not have the address or its family.
bool is_missing(const error_code& error) {
  return error == boost::system::errc::address_not_available ||
         error == asio::error::address_family_not_supported;
}

error_code open_acceptor(Acceptor& acceptor, const tcp::endpoint& endpoint, bool is_v6_only) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  // Allows a port whose last connections are still in TIME_WAIT. On Linux it does not allow a port
  // on which another process listens.
  if (!error) acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error && is_v6_only) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(http_limits::backlog, error);
  if (!error) acceptor.non_blocking(true, error);
  return error;
}

}  // namespace

// Accepts connections until stop(). The last listener to end then ends the connections, after which
// the threads have no more work.
//
// All I/O threads run one io_context. Measured against one io_context for each thread, with
// connections distributed by one acceptor or by the kernel (SO_REUSEPORT): wrk, 16 connections,
// signed requests of about 0.7 KB, responses of 300 bytes, two cores with other load, two runs of
// two seconds each (the last row at another time). CPU per request in microseconds, user and
// system:
//
//                                 1 thread        2 threads
//   one io_context              13.1 and 15.3   16.7 and 18.3
//   one a thread, SO_REUSEPORT  13.1 and 13.7   15.9 and 18.3
//   one a thread, one acceptor  11.9 and 12.5   16.3 and 16.6
//
// The differences are within the noise; only 2.5 to 4 microseconds are spent outside the kernel.
// But beside one connection with requests of 200 ms, short requests on eight others took 0.5 ms at
// the 90th percentile with one io_context, and 400 ms with one for each thread and one acceptor:
// there, connections wait for their thread while another thread is idle.
class HttpServer::Impl {
 public:
  Impl(RequestHandler& handler, unsigned threads)
      : connection_limit_(connection_limit()), threads_(threads), connections_(handler, threads_) {}

  // Requires: stop() has returned, or start() was not called.
  ~Impl() = default;

  // Returns an empty string, or one line with the error.
  std::string listen(const HttpOptions& options);

  // Returns false if no thread can be created; nothing runs then.
  bool start();

  void stop();

  std::uint16_t port() const { return port_; }
  std::string endpoint() const { return endpoint_; }

 private:
  // A listening socket. It waits for one thing at a time: connections, or the end of a pause.
  struct Listener {
    explicit Listener(const IoThreads::Executor& executor)
        : acceptor(executor), retry_timer(executor) {}

    Acceptor acceptor;
    Timer retry_timer;
    WaitMemory wait_memory;
  };

  std::optional<ListenFailure> listen_on(const std::vector<HostAddress>& hosts, std::uint16_t port);
  void wait_for_connections(Listener& listener);
  void pause(Listener& listener);
  void accept(Listener& listener);
  error_code accept_waiting(Acceptor& acceptor);

  const std::size_t connection_limit_;
  ServerThreads threads_;
  std::uint16_t port_ = 0;
  std::string endpoint_;
  std::once_flag stopped_;
  // Used on the front thread only after start() was called.
  std::list<Listener> listeners_;
  std::size_t accepting_ = 0;  // listeners that still accept
  Connections connections_;
  bool is_stopping_ = false;
};

// Listens on all `hosts` at `port`, or, if that is 0, at the port that the kernel selects for the
// first of them.
std::optional<ListenFailure> HttpServer::Impl::listen_on(const std::vector<HostAddress>& hosts,
                                                         std::uint16_t port) {
  listeners_.clear();
  port_ = port;
  std::optional<ListenFailure> left_out;
  for (const HostAddress& host : hosts) {
    Listener& listener = listeners_.emplace_back(threads_.front.executor());
    const tcp::endpoint endpoint(host.address, port_);
    const error_code error = open_acceptor(listener.acceptor, endpoint, host.is_v6_only);
    if (!error) {
      port_ = listener.acceptor.local_endpoint().port();
      if (listeners_.size() == 1) {
        endpoint_ = format_url(to_reachable(host.address).to_string(), port_);
      }
      continue;
    }
    listeners_.pop_back();
    left_out = {endpoint, error};
    if (!host.is_optional || !is_missing(error)) return left_out;
  }
  return listeners_.empty() ? left_out : std::nullopt;
}

std::string HttpServer::Impl::listen(const HttpOptions& options) {
  const auto hosts = parse_hosts(options.host);
  if (!hosts) return hosts.error();
  std::optional<ListenFailure> failure;
  for (unsigned tries = 0; tries < http_limits::free_port_tries_max; ++tries) {
    failure = listen_on(hosts->addresses, options.port);
    if (!failure) return {};
    if (options.port != 0 || failure->error != asio::error::address_in_use) break;
  }
  return to_text(*failure);
}

bool HttpServer::Impl::start() {
  if (!threads_.io.start() || !threads_.front.start()) {
    threads_.io.join();
    return false;
  }
  asio::post(threads_.front.executor(), [this] {
    accepting_ = listeners_.size();
    for (Listener& listener : listeners_) wait_for_connections(listener);
  });
  return true;
}

// Starts the one wait of `listener` for connections.
//
// Handlers instead of a coroutine: Asio destroys a coroutine whose operation it cannot allocate,
// and nothing would wait again. Their memory is part of the listener.
void HttpServer::Impl::wait_for_connections(Listener& listener) {
  listener.acceptor.async_wait(
      Acceptor::wait_read,
      wait_handler(listener.wait_memory, [this, &listener](error_code) { accept(listener); }));
}

// Accepts the connections that wait, and waits for more. After stop(), closes the listener instead
// of waiting: the requests of connections that wait may have arrived before.
void HttpServer::Impl::accept(Listener& listener) {
  const error_code error = accept_waiting(listener.acceptor);
  if (is_stopping_) {
    error_code ignored;
    listener.acceptor.close(ignored);
    if (--accepting_ == 0) connections_.stop();
    return;
  }
  // Out of descriptors or memory. The connections wait in the kernel meanwhile.
  if (error && error != asio::error::would_block) return pause(listener);
  wait_for_connections(listener);
}

// Tries again after a pause.
void HttpServer::Impl::pause(Listener& listener) {
  constexpr std::chrono::milliseconds duration(http_limits::accept_retry_milliseconds);
  try {
    listener.retry_timer.expires_after(duration);
    listener.retry_timer.async_wait(
        wait_handler(listener.wait_memory, [this, &listener](error_code) { accept(listener); }));
  } catch (...) {
    // No memory for a place in the queue of timers. The sockets wait at no cost.
    std::this_thread::sleep_for(duration);
    wait_for_connections(listener);
  }
}

// Accepts the connections that wait in the kernel. Returns the error that ended it: would_block if
// all were accepted.
error_code HttpServer::Impl::accept_waiting(Acceptor& acceptor) {
  for (;;) {
    try {
      // The rest of the reserve is for the connections that exist already.
      if (!fill_memory_reserve()) throw std::bad_alloc();
      error_code error;
      Session::Socket socket = acceptor.accept(threads_.front.executor(), error);
      if (error == asio::error::connection_aborted) continue;
      if (error) return error;
      if (connections_.count() >= connection_limit_) continue;  // the socket's destructor closes it
      connections_.add(std::move(socket));
    } catch (...) {
      log_exception("a connection could not be accepted");
      return asio::error::no_memory;
    }
  }
}

void HttpServer::Impl::stop() {
  std::call_once(stopped_, [this] {
    asio::post(threads_.front.executor(), [this] {
      is_stopping_ = true;
      error_code ignored;
      for (Listener& listener : listeners_) {
        listener.acceptor.cancel(ignored);
        listener.retry_timer.cancel();
      }
    });
    // The front thread ends when the last connection has ended, so the others have nothing left.
    threads_.front.join();
    threads_.io.join();
    threads_.large.join();
    threads_.lengthy.join();
  });
}

boost::system::result<std::unique_ptr<HttpServer>, std::string> HttpServer::start(
    RequestHandler& handler, const HttpOptions& options) {
  const unsigned cores = std::max(1U, std::thread::hardware_concurrency());
  try {
    auto impl = std::make_unique<Impl>(handler, options.threads == 0 ? cores : options.threads);
    if (std::string problem = impl->listen(options); !problem.empty()) return problem;
    if (!impl->start()) return "cannot start the HTTP server: the system has no thread left";
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
  } catch (const std::exception& exception) {
    return concat("cannot start the HTTP server: ", exception.what());
  }
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() { stop(); }

std::uint16_t HttpServer::port() const { return impl_->port(); }

std::string HttpServer::endpoint() const { return impl_->endpoint(); }

void HttpServer::stop() { impl_->stop(); }

}  // namespace pageturner
