// Why: with std::shared_mutex two busy readers starve a writer for seconds; this lock prevents it.
// Source: the contract in storage/read_write_lock.h.
#include "storage/read_write_lock.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

namespace pageturner {
namespace {

using namespace std::chrono_literals;

TEST(ReadWriteLock, AdmitsReadersTogether) {
  ReadWriteLock lock;
  const std::shared_lock first(lock);
  std::atomic<bool> second_in = false;
  std::thread([&] {
    const std::shared_lock second(lock);
    second_in = true;
  }).join();
  EXPECT_TRUE(second_in);
}

TEST(ReadWriteLock, IsExclusiveForAWriter) {
  ReadWriteLock lock;
  int writers = 0;
  long sum = 0;
  std::atomic<int> met = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, writes = i < 2] {
      for (int round = 0; round < 2'000; ++round) {
        if (writes) {
          const std::unique_lock guard(lock);
          if (++writers != 1) ++met;
          ++sum;
          --writers;
        } else {
          const std::shared_lock guard(lock);
          if (writers != 0) ++met;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(met, 0);
  EXPECT_EQ(sum, 4'000);
}

// The readers overlap all the time: the writer can only proceed if the lock blocks new readers.
TEST(ReadWriteLock, DoesNotStarveWriters) {
  ReadWriteLock lock;
  std::atomic<bool> done = false;
  std::atomic<int> reads = 0;
  const auto read = [&] {
    while (!done) {
      const std::shared_lock guard(lock);
      std::this_thread::sleep_for(1ms);
      ++reads;
    }
  };
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) readers.emplace_back(read);
  while (reads < 4) std::this_thread::yield();
  constexpr int writes = 20;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < writes; ++i) {
    const std::unique_lock guard(lock);
  }
  const auto took = std::chrono::steady_clock::now() - begin;
  done = true;
  for (std::thread& reader : readers) reader.join();
  // Each write waits for the reads in progress, about 1 ms.
  EXPECT_LT(took, writes * 100ms);
}

}  // namespace
}  // namespace pageturner
