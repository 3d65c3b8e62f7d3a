// Schedules the deletion of expired items, stream records and backups of the system, and frees the
// memory of large tables that were deleted: in a thread of its own, or between the calls of a
// program that embeds the emulator without threads.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "storage/expiry_sweep.h"

namespace pageturner {

// Any thread may call sweep_if_due() at any time; only the owner may call start() and stop().
class ExpirySweeper {
 public:
  // Begins a pass every `interval`; 0 disables the sweep. `database` must outlive the sweeper.
  ExpirySweeper(Database& database, std::chrono::milliseconds interval)
      : database_(database), interval_(interval) {}
  // Calls stop().
  ~ExpirySweeper();

  // Starts the thread. Throws std::system_error if no thread can be created.
  void start();

  // Ends the thread after its current step or trimming, which may wait for a change of a table. A
  // second call does nothing.
  void stop();

  // Without a thread: continues the current pass by one step, or begins a pass when it is due. Does
  // nothing while another thread is in here. Usually takes some milliseconds; longer when records
  // or backups have expired, or when a table with expired items is being changed. Never throws:
  // failures are logged.
  void sweep_if_due();

 private:
  void run();
  bool wait_for_stop();
  void reclaim();
  void run_pass();
  // Whether a pass could find anything. Cheap, because every call asks.
  bool has_work() const;
  // The part of a pass other than items: trims streams, deletes expired backups and tokens of
  // transactions.
  void trim();

  Database& database_;
  const std::chrono::milliseconds interval_;
  std::thread thread_;
  std::atomic<bool> has_thread_ = false;
  std::mutex mutex_;  // guards the following members; sweep_if_due() holds it while it works, the
                      // thread only while it waits
  std::condition_variable wakes_;
  std::atomic<bool> is_stopping_ = false;  // set with mutex_ held, so that no wakeup is lost
  std::optional<ExpirySweep> pass_;        // used without a thread only
  std::chrono::steady_clock::time_point due_ = std::chrono::steady_clock::now() + interval_;
};

}  // namespace pageturner
