#include "server/http/connections.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "server/error_log.h"
#include "server/http/http_limits.h"

namespace pageturner {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

void log_failure(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (...) {
    log_exception("a connection was closed");
  }
}

}  // namespace

Connections::Connections(RequestHandler& handler, const Strand& strand)
    : handler_(handler), strand_(strand), sweep_timer_(strand), stop_timer_(strand) {}

void Connections::add(Session::Socket socket) {
  const auto executor = socket.get_executor();
  // The sweep runs only while there are connections: an idle server does not wake up.
  if (sessions_.empty()) schedule_sweep();
  const auto session = sessions_.emplace(sessions_.end(), std::move(socket), handler_);
  handler_.connections_changed(sessions_.size());
  // An exception, such as for lack of memory, ends this connection only.
  const auto ended = [this, session](const std::exception_ptr& failure) {
    if (failure != nullptr) log_failure(failure);
    remove(session);
  };
  try {
    asio::co_spawn(executor, session->run(), asio::bind_executor(strand_, ended));
  } catch (...) {
    ended(std::current_exception());
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
    // Those that are responding are aborted by the sweep if their clients do not receive it.
    for (Session& session : sessions_) session.abort_unless_responding();
  });
}

void Connections::schedule_sweep() {
  sweep_timer_.expires_after(std::chrono::seconds(http_limits::sweep_interval_seconds));
  sweep_timer_.async_wait([this](error_code error) {
    // The timer may fire after the last connection has ended.
    if (error || sessions_.empty()) return;
    for (Session& session : sessions_) session.sweep();
    schedule_sweep();
  });
}

}  // namespace pageturner
