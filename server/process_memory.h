// The memory of the process, and the return of freed memory to the system.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <stop_token>
#include <thread>

namespace pageturner {

// Returns the resident memory of the process, in bytes; 0 if the system does not tell.
std::int64_t resident_bytes();

// Returns freed memory to the system. The allocator does so by itself only at the end of its heaps,
// where the last remaining item keeps everything freed before it: without this, a process stays as
// large after a table was deleted as it was before. For a server process, not for a library within
// another program. Trimming blocks all threads that allocate. start() and stop() are called by the
// owner.
class MemoryTrimmer {
 public:
  // Starts the thread, which checks once a second. Throws std::system_error if no thread can be
  // created.
  void start();

  // Ends the thread. A second call does nothing; the destructor also ends it.
  void stop();

 private:
  void run(const std::stop_token& stop);

  std::mutex mutex_;  // required by wakes_; guards nothing
  std::condition_variable_any wakes_;
  std::jthread thread_;
};

}  // namespace pageturner
