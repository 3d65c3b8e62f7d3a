#include "server/http/connections.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <new>
#include <utility>

#include "server/http/http_limits.h"

namespace pageturner {

namespace asio = boost::asio;
using boost::system::error_code;

Connections::Connections(RequestHandler& handler, const Strand& strand)
    : handler_(handler), strand_(strand), sweep_timer_(strand), stop_timer_(strand) {}

void Connections::add(Session::Socket socket) {
  const auto executor = socket.get_executor();
  // The sweep runs only where there is something to sweep: an idle server does not wake up.
  if (sessions_.empty()) schedule_sweep();
  const auto session = sessions_.emplace(sessions_.end(), std::move(socket), handler_);
  handler_.connections_changed(sessions_.size());
  // Memory that ran out is the only exception there can be, and ends this connection alone.
  try {
    asio::co_spawn(executor, session->run(),
                   asio::bind_executor(
                       strand_, [this, session](const std::exception_ptr&) { remove(session); }));
  } catch (const std::bad_alloc&) {
    remove(session);
  }
}

void Connections::remove(std::list<Session>::iterator session) {
  sessions_.erase(session);
  handler_.connections_changed(sessions_.size());
  if (!sessions_.empty()) return;
  sweep_timer_.cancel();
  stop_timer_.cancel();
}

void Connections::stop() {
  if (sessions_.empty()) return;
  for (Session& session : sessions_) session.stop();
  stop_timer_.expires_after(std::chrono::seconds(http_limits::stop_seconds_max));
  stop_timer_.async_wait([this](error_code error) {
    if (error) return;
    for (Session& session : sessions_) session.abort();
  });
}

void Connections::schedule_sweep() {
  sweep_timer_.expires_after(std::chrono::seconds(http_limits::sweep_interval_seconds));
  sweep_timer_.async_wait([this](error_code error) {
    // Not cancelled, where the last connection ended just now.
    if (error || sessions_.empty()) return;
    for (Session& session : sessions_) session.sweep();
    schedule_sweep();
  });
}

}  // namespace pageturner
