#include "server/http/io_threads.h"

#include <algorithm>
#include <system_error>

#include "server/error_log.h"
#include "server/http/http_limits.h"
#include "server/http/memory_reserve.h"

namespace pageturner {

IoThreads::IoThreads(unsigned count)
    : count_(count), context_(static_cast<int>(count)), work_(context_.get_executor()) {}

bool IoThreads::start() {
  const std::lock_guard guard(starting_);
  if (is_started_) return true;
  try {
    threads_.reserve(count_);
    while (threads_.size() < count_) threads_.emplace_back([this] { run_handlers(); });
  } catch (const std::system_error&) {
    // Fewer threads than wanted do the same work.
  }
  return is_started_ = !threads_.empty();
}

void IoThreads::join() {
  work_.reset();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

// Runs handlers on the calling thread until there are none left. An exception of one of them must
// not end the process: it is logged, and the others go on.
void IoThreads::run_handlers() {
  const ReserveUse use(true);
  while (true) {
    try {
      context_.run();
      return;
    } catch (...) {
      log_exception("a thread of the HTTP server failed");
    }
  }
}

ServerThreads::ServerThreads(unsigned io_count)
    : front(1),
      io(io_count),
      large(std::max(http_limits::large_threads_min, std::thread::hardware_concurrency())),
      lengthy(http_limits::lengthy_threads) {}

}  // namespace pageturner
