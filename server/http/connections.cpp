#include "server/http/connections.h"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <thread>
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

// Called when Session::run() has ended. Asio destroys a coroutine, and this with it, when it cannot
// allocate an operation of it. Then the sweep removes the connection.
class Connections::Completion {
 public:
  Completion(Connections& connections, Position connection)
      : connections_(&connections), connection_(connection) {}
  Completion(Completion&& other) noexcept
      : connections_(std::exchange(other.connections_, nullptr)), connection_(other.connection_) {}
  ~Completion() {
    if (connections_ != nullptr) connection_->is_abandoned = true;
  }

  void operator()(const std::exception_ptr& failure, bool moves) {
    std::exchange(connections_, nullptr)->ended(connection_, failure, moves);
  }

 private:
  Connections* connections_;  // nullptr: called, or moved from
  Position connection_;
};

void Connections::add(Session::Socket socket) {
  const auto connection =
      connections_.emplace(connections_.end(), std::move(socket), handler_, threads_);
  handler_.connections_changed(connections_.size());
  // The sweep runs only while there are connections: an idle server does not wake up.
  if (!is_sweep_due_) schedule_sweep();
  run(connection, threads_.front.executor());
}

// Runs the session on the threads of `executor`.
void Connections::run(Position connection, const IoThreads::Executor& executor) {
  Completion completion(*this, connection);
  try {
    asio::co_spawn(executor, connection->session.run(),
                   asio::bind_executor(threads_.front.executor(), std::move(completion)));
  } catch (...) {
    log_exception("a connection was closed");
  }
}

// Called when Session::run() has ended: the connection moves to the I/O threads or is closed. An
// exception, such as for lack of memory, ends this connection only.
void Connections::ended(Position connection, const std::exception_ptr& failure, bool moves) {
  if (failure != nullptr) log_failure(failure);
  try {
    if (failure == nullptr && moves && connection->session.move_to_io()) {
      return run(connection, threads_.io.executor());
    }
  } catch (...) {
    log_exception("a connection was closed");
  }
  remove(connection);
}

void Connections::remove(Position connection) {
  connections_.erase(connection);
  handler_.connections_changed(connections_.size());
  if (!connections_.empty()) return;
  sweep_timer_.cancel();
  stop_timer_.cancel();
}

void Connections::stop() {
  if (connections_.empty()) return;
  for (Connection& connection : connections_) connection.session.stop();
  try {
    stop_timer_.expires_after(std::chrono::seconds(http_limits::stop_seconds_max));
    stop_timer_.async_wait(wait_handler(stop_memory_, [this](error_code error) {
      if (error) return;
      // Those that are responding are aborted by the sweep if their clients do not receive it.
      for (Connection& connection : connections_) connection.session.abort_unless_responding();
    }));
  } catch (...) {
    log_exception("connections are closed without waiting for them");
    for (Connection& connection : connections_) connection.session.abort_unless_responding();
  }
}

void Connections::schedule_sweep() {
  is_sweep_due_ = true;
  while (true) {
    try {
      sweep_timer_.expires_after(std::chrono::seconds(http_limits::sweep_interval_seconds));
      return sweep_timer_.async_wait(wait_handler(sweep_memory_, [this](error_code error) {
        is_sweep_due_ = false;
        // The last connection may have ended, and others may have begun since.
        if (!error) sweep();
        if (!connections_.empty()) schedule_sweep();
      }));
    } catch (...) {
      // No memory for a place in the queue of timers. Nothing else would try again.
      std::this_thread::sleep_for(
          std::chrono::milliseconds(http_limits::accept_retry_milliseconds));
    }
  }
}

// Closes the connections that have exceeded a time limit or were abandoned.
void Connections::sweep() {
  for (auto next = connections_.begin(); next != connections_.end();) {
    const auto connection = next++;
    if (connection->is_abandoned) {
      remove(connection);
    } else {
      connection->session.sweep();
    }
  }
}

}  // namespace pageturner
