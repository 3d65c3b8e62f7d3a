// What the process has in memory, and how it gives back what nobody needs any more.
#pragma once

#include <cstdint>
#include <stop_token>
#include <thread>

namespace pageturner {

// The resident memory of the process, in bytes; 0 where the system does not say.
std::int64_t resident_bytes();

// Gives freed memory back to the system. The allocator does so by itself only at the end of its
// heaps, and the last item that is left there keeps all that was freed before it: without this, the
// process of a deleted table stays as large as it was with the table. For a process that serves,
// not for a library in somebody else's.
class MemoryTrimmer {
 public:
  // Starts the thread, which looks once a second. Throws std::system_error where there is none to
  // be had.
  void start();

  // Ends the thread. A second call does nothing, and the destructor does the same.
  void stop();

 private:
  static void run(const std::stop_token& stop);

  std::jthread thread_;
};

}  // namespace pageturner
