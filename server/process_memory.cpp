#include "server/process_memory.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <mutex>

namespace ddb {
namespace {

constexpr std::chrono::seconds trim_interval(1);
// So much may be spare: getting it back costs page faults. The scripts of tests/stress hold the
// process to it.
constexpr std::int64_t spare_bytes_max = 32 * 1024 * 1024;
// Trimming is tried again when so much more has come together than was left the last time.
constexpr std::int64_t spare_bytes_more = 8 * 1024 * 1024;

// Resident memory that the allocator has given to nobody. Code and stacks are in it too, a few MB.
std::int64_t spare_bytes() {
  const auto info = mallinfo2();
  return resident_bytes() - static_cast<std::int64_t>(info.uordblks + info.hblkhd);
}

}  // namespace

std::int64_t resident_bytes() {
  std::int64_t all_pages = 0;
  std::int64_t resident_pages = 0;
  std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
  return resident_pages * sysconf(_SC_PAGESIZE);
}

void MemoryTrimmer::start() {
  thread_ = std::jthread([](const std::stop_token& stop) { run(stop); });
}

void MemoryTrimmer::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void MemoryTrimmer::run(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any wakes;
  std::unique_lock guard(mutex);
  // What cannot be given back, as it shares its pages with what is in use.
  std::int64_t kept = 0;
  while (!stop.stop_requested()) {
    wakes.wait_for(guard, stop, trim_interval, [] { return false; });
    // Asking the allocator holds up whoever allocates, so the system is asked first.
    if (resident_bytes() <= spare_bytes_max) continue;
    const std::int64_t spare = spare_bytes();
    kept = std::min(kept, spare);
    if (spare <= spare_bytes_max || spare - kept < spare_bytes_more) continue;
    malloc_trim(0);
    kept = spare_bytes();
  }
}

}  // namespace ddb
