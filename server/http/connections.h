// The connections of one server.
#pragma once

#include <atomic>
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <cstddef>
#include <exception>
#include <list>

#include "server/http/session.h"
#include "server/http/wait_memory.h"

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

  std::size_t count() const { return connections_.size(); }

  // Lets all connections answer the requests that have arrived, then closes them. A client that
  // does not receive its response has http_limits::stop_seconds_max. Returns at once; once the last
  // connection has ended, nothing keeps the front thread running.
  void stop();

 private:
  struct Connection {
    Connection(Session::Socket socket, RequestHandler& handler, ServerThreads& threads)
        : session(std::move(socket), handler, threads) {}

    Session session;
    std::atomic<bool> is_abandoned = false;  // its coroutine was destroyed before it ended
  };
  using Position = std::list<Connection>::iterator;
  class Completion;

  void run(Position connection, const IoThreads::Executor& executor);
  void ended(Position connection, const std::exception_ptr& failure, bool moves);
  void remove(Position connection);
  void schedule_sweep();
  void sweep();

  RequestHandler& handler_;
  ServerThreads& threads_;
  Timer sweep_timer_;
  Timer stop_timer_;
  bool is_sweep_due_ = false;  // the timer runs, or its handler has still to be called
  WaitMemory sweep_memory_;
  WaitMemory stop_memory_;
  std::list<Connection> connections_;
};

}  // namespace pageturner
