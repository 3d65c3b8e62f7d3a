// The connections of one server.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <list>

#include "server/http/session.h"

namespace pageturner {

using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                boost::asio::wait_traits<std::chrono::steady_clock>,
                                                IoThreads::Executor>;

// All members must be called on the front thread, so they need no lock. Sessions start there and
// move to the I/O threads with their first request that is not GET or HEAD.
class Connections {
 public:
  // `handler` and `threads` must outlive the connections.
  Connections(RequestHandler& handler, ServerThreads& threads);

  // Serves `socket`, which the front thread accepted, until the connection ends. A failure of the
  // session is logged and ends this connection only. Requires (not checked): stop() was not called.
  void add(Session::Socket socket);

  std::size_t count() const { return sessions_.size(); }

  // Lets all connections answer the requests that have arrived, then closes them. A client that
  // does not receive its response has http_limits::stop_seconds_max. Returns at once; once the last
  // connection has ended, nothing keeps the front thread running.
  void stop();

 private:
  using Position = std::list<Session>::iterator;

  void run(Position session, const IoThreads::Executor& executor);
  void ended(Position session, const std::exception_ptr& failure, bool moves);
  void remove(Position session);
  void schedule_sweep();

  RequestHandler& handler_;
  ServerThreads& threads_;
  Timer sweep_timer_;
  Timer stop_timer_;
  std::list<Session> sessions_;
};

}  // namespace pageturner
