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

Connections::Connections(RequestHandler& handler, ServerThreads& threads)
    : handler_(handler),
      threads_(threads),
      sweep_timer_(threads.front.executor()),
      stop_timer_(threads.front.executor()) {}

void Connections::add(Session::Socket socket) {
  // The sweep runs only while there are connections: an idle server does not wake up.
  if (sessions_.empty()) schedule_sweep();
  const auto session = sessions_.emplace(sessions_.end(), std::move(socket), handler_, threads_);
  handler_.connections_changed(sessions_.size());
  run(session, threads_.front.executor());
}

// Runs the session on the threads of `executor`.
void Connections::run(Position session, const IoThreads::Executor& executor) {
  const auto completed = [this, session](const std::exception_ptr& failure, bool moves) {
    ended(session, failure, moves);
  };
  try {
    asio::co_spawn(executor, session->run(),
                   asio::bind_executor(threads_.front.executor(), completed));
  } catch (...) {
    ended(session, std::current_exception(), false);
  }
}

// Called when Session::run() has ended: the connection moves to the I/O threads or is closed. An
// exception, such as for lack of memory, ends this connection only.
void Connections::ended(Position session, const std::exception_ptr& failure, bool moves) {
  if (failure != nullptr) log_failure(failure);
  try {
    if (failure == nullptr && moves && session->move_to_io()) {
      return run(session, threads_.io.executor());
    }
  } catch (...) {
    log_exception("a connection was closed");
  }
  remove(session);
}

void Connections::remove(Position session) {
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
