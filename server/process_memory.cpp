#include "server/process_memory.h"

#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>

#include "server/error_log.h"

namespace pageturner {
namespace {

constexpr std::chrono::seconds look_interval(1);
// The unused memory that is kept: getting it back costs page faults. The scripts of tests/stress
// check the process against it.
constexpr std::int64_t spare_bytes_max = 32 * 1024 * 1024;
// Trimming is worth its cost if it frees this much.
constexpr std::int64_t trim_bytes_min = 8 * 1024 * 1024;
// Memory on a page with used memory cannot be returned now, but maybe later. Trimming blocks
// threads that allocate, so after one that freed little the pause doubles, up to this.
constexpr std::chrono::seconds pause_max(64);

// Resident memory that is not allocated. Includes code and stacks, a few MB.
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
  // Buffers of large requests come from the system and go back to it at once, and so does the end
  // of a heap. Left alone the allocator learns from them to keep up to 64 MB for each thread, at
  // the end of its heap, where malloc_trim() does not look. Answers of 1 MB stay below.
  constexpr int buffer_bytes_min = 4 * 1024 * 1024;
  mallopt(M_MMAP_THRESHOLD, buffer_bytes_min);
  mallopt(M_TRIM_THRESHOLD, 2 * buffer_bytes_min);
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void MemoryTrimmer::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

void MemoryTrimmer::run(const std::stop_token& stop) {
  std::unique_lock guard(mutex_);
  std::int64_t left = 0;  // unused memory after the last trimming
  std::chrono::seconds pause = look_interval;
  auto next_trim = std::chrono::steady_clock::now();
  while (!stop.stop_requested()) {
    wakes_.wait_for(guard, stop, look_interval, [] { return false; });
    try {
      // mallinfo2() blocks threads that allocate, so the cheaper check comes first.
      if (resident_bytes() <= spare_bytes_max) continue;
      const std::int64_t spare = spare_bytes();
      if (spare <= spare_bytes_max) continue;
      if (std::chrono::steady_clock::now() < next_trim && spare - left < trim_bytes_min) continue;
      malloc_trim(0);
      left = spare_bytes();
      pause = spare - left >= trim_bytes_min ? look_interval : std::min(2 * pause, pause_max);
      next_trim = std::chrono::steady_clock::now() + pause;
    } catch (...) {
      log_exception("memory was not trimmed");
    }
  }
}

}  // namespace pageturner
