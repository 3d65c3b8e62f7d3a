// The connections of one server.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <cstddef>
#include <list>

#include "server/http/session.h"

namespace pageturner {

// Runs one handler at a time, on any thread, so its handlers need no lock.
using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;
using StrandTimer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, Strand>;

// All members must be called on the strand. Sessions start on it and then run outside of it, on all
// threads of the io_context.
class Connections {
 public:
  // `handler` must outlive the connections.
  Connections(RequestHandler& handler, const Strand& strand);

  // Serves `socket` until the connection ends. A failure of the session is logged and ends this
  // connection only. Requires (not checked): stop() was not called.
  void add(Session::Socket socket);

  std::size_t count() const { return sessions_.size(); }

  // Lets all connections answer the requests that have arrived, then closes them. A client that
  // does not receive its response has http_limits::stop_seconds_max. Returns at once; once the last
  // connection has ended, nothing keeps the io_context running.
  void stop();

 private:
  void remove(std::list<Session>::iterator session);
  void schedule_sweep();

  RequestHandler& handler_;
  Strand strand_;
  StrandTimer sweep_timer_;
  StrandTimer stop_timer_;
  std::list<Session> sessions_;
};

}  // namespace pageturner
