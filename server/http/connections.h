// All connections of one server: starts their sessions, sweeps them and stops them.
#pragma once

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <cstddef>
#include <list>

#include "server/http/session.h"

namespace pageturner {

// Runs one thing at a time, though on any thread: what needs no speed needs no lock then.
using Strand = boost::asio::strand<boost::asio::io_context::executor_type>;
using StrandTimer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, Strand>;

// All members are called on the strand. The sessions run outside of it, on all threads of the
// io_context.
class Connections {
 public:
  // `handler` has to outlive the connections.
  Connections(RequestHandler& handler, const Strand& strand);

  // Serves `socket` until the connection ends. Not after stop().
  void add(Session::Socket socket);

  std::size_t count() const { return sessions_.size(); }

  // Lets all connections answer what has arrived, and ends them, at the latest after
  // http_limits::stop_seconds_max. Returns at once; nothing of it keeps the io_context running once
  // the last one has ended.
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
