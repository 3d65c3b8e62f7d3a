#include "server/expiry_sweeper.h"

#include "storage/clock.h"

namespace pageturner {

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
    if (!has_work()) continue;
    // Without the lock: it may have to wait for whoever changes a table.
    guard.unlock();
    trim();
    guard.lock();
    ExpirySweep pass(database_, now_milliseconds());
    bool more = true;
    while (more && !is_stopping_) {
      guard.unlock();
      more = pass.step();
      guard.lock();
    }
  }
}

bool ExpirySweeper::has_work() const {
  return database_.catalog().has_time_to_live() || !database_.streams().empty() ||
         database_.backups().has_expiring();
}

void ExpirySweeper::trim() {
  database_.streams().trim();
  database_.drop_expired_backups(now_milliseconds());
}

void ExpirySweeper::sweep_if_due() {
  if (has_thread_ || interval_.count() == 0 || !has_work()) return;
  const std::unique_lock guard(mutex_, std::try_to_lock);
  if (!guard) return;
  const auto now = std::chrono::steady_clock::now();
  if (!pass_ && now < due_) return;
  if (!pass_) {
    trim();
    pass_.emplace(database_, now_milliseconds());
    due_ = now + interval_;
  }
  if (!pass_->step()) pass_.reset();
}

}  // namespace pageturner
