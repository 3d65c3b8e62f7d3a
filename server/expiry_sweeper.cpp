#include "server/expiry_sweeper.h"

#include "storage/clock.h"

namespace ddb {
ExpirySweeper::~ExpirySweeper() { stop(); }

void ExpirySweeper::start() {
  if (interval_.count() == 0) return;
  has_thread_ = true;
  thread_ = std::thread([this] { run(); });
}

void ExpirySweeper::stop() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard guard(mutex_);
    is_stopping_ = true;
  }
  wakes_.notify_all();
  thread_.join();
  has_thread_ = false;
}

void ExpirySweeper::run() {
  std::unique_lock guard(mutex_);
  while (!wakes_.wait_for(guard, interval_, [this] { return is_stopping_; })) {
    if (!database_.catalog().has_time_to_live()) continue;
    ExpirySweep pass(database_, now_milliseconds());
    bool more = true;
    while (more && !is_stopping_) {
      guard.unlock();
      more = pass.step();
      guard.lock();
    }
  }
}

void ExpirySweeper::sweep_if_due() {
  if (has_thread_ || interval_.count() == 0 || !database_.catalog().has_time_to_live()) return;
  const std::unique_lock guard(mutex_, std::try_to_lock);
  if (!guard) return;
  const auto now = std::chrono::steady_clock::now();
  if (!pass_ && now < due_) return;
  if (!pass_) {
    pass_.emplace(database_, now_milliseconds());
    due_ = now + interval_;
  }
  if (!pass_->step()) pass_.reset();
}

}  // namespace ddb
