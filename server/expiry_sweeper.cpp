#include "server/expiry_sweeper.h"

#include "server/error_log.h"
#include "storage/clock.h"

namespace pageturner {

ExpirySweeper::~ExpirySweeper() { stop(); }

void ExpirySweeper::start() {
  if (interval_.count() == 0) return;
  thread_ = std::thread([this] { run(); });
  has_thread_ = true;  // only once the thread exists: its creation may fail
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
  while (!wait_for_stop()) {
    try {
      reclaim();
      run_pass();
    } catch (...) {
      log_exception("a sweep failed");
    }
  }
}

// Waits for the next pass. Returns true where the thread must end.
bool ExpirySweeper::wait_for_stop() {
  std::unique_lock guard(mutex_);
  return wakes_.wait_for(guard, interval_, [this] { return is_stopping_.load(); });
}

// Frees the memory of erased keyspaces. Pauses between the parts, so that writers get the lock of
// the engine. Ends even if writers leave more behind.
void ExpirySweeper::reclaim() {
  constexpr int parts_max = 2000;
  for (int part = 0; part < parts_max && !is_stopping_ && database_.engine().reclaim(); ++part) {
    std::this_thread::sleep_for(std::chrono::microseconds(100));
  }
}

// Called without mutex_: a step may wait for a change of a table.
void ExpirySweeper::run_pass() {
  if (!has_work()) return;
  trim();
  ExpirySweep pass(database_, now_milliseconds());
  while (!is_stopping_ && pass.step()) {
  }
}

bool ExpirySweeper::has_work() const {
  return database_.catalog().has_time_to_live() || !database_.streams().empty() ||
         database_.catalog().has_deleted() || database_.backups().has_expiring() ||
         !database_.transaction_tokens().empty();
}

void ExpirySweeper::trim() {
  database_.catalog().remove_deleted();
  database_.streams().trim();
  database_.drop_expired_backups(now_milliseconds());
  database_.transaction_tokens().remove_expired(steady_milliseconds());
}

void ExpirySweeper::sweep_if_due() {
  if (has_thread_ || interval_.count() == 0) return;
  const std::unique_lock guard(mutex_, std::try_to_lock);
  if (!guard) return;
  const auto now = std::chrono::steady_clock::now();
  if (!pass_ && now < due_) return;
  try {
    if (!pass_) {
      due_ = now + interval_;
      database_.engine().reclaim();
      if (!has_work()) return;
      trim();
      pass_.emplace(database_, now_milliseconds());
    }
    if (!pass_->step()) pass_.reset();
  } catch (...) {
    pass_.reset();
    log_exception("a sweep failed");
  }
}

}  // namespace pageturner
