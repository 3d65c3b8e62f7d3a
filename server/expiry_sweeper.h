// When what has expired is deleted: items, records of streams, backups of the system. A thread of
// its own does it, or it happens between the calls of a program that has none.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "storage/expiry_sweep.h"

namespace pageturner {

// sweep_if_due() may be called by any thread at any time, start() and stop() by the owner.
class ExpirySweeper {
 public:
  // Begins a pass each `interval`; never where that is 0. `database` has to outlive the sweeper.
  ExpirySweeper(Database& database, std::chrono::milliseconds interval)
      : database_(database), interval_(interval) {}
  // Stops.
  ~ExpirySweeper();

  // Starts the thread. Throws std::system_error where there is none to be had.
  void start();

  // Ends the thread, within the step that it is in. A second call does nothing.
  void stop();

  // While there is no thread: goes on with the pass that is under way, or begins one if it is time
  // for it; does nothing while another thread is in here. One step only, so the caller is held up
  // for some milliseconds at the most.
  void sweep_if_due();

 private:
  void run();
  // Whether a pass could find anything; as cheap as can be, since every call asks.
  bool has_work() const;
  // What a pass does besides the items.
  void trim();

  Database& database_;
  const std::chrono::milliseconds interval_;
  std::thread thread_;
  std::atomic<bool> has_thread_ = false;
  std::mutex mutex_;  // guards what follows; sweep_if_due() holds it for its step
  std::condition_variable wakes_;
  bool is_stopping_ = false;
  std::optional<ExpirySweep> pass_;  // without a thread only
  std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::now() + interval_;
};

}  // namespace pageturner
