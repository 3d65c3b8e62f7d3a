// Measures whether a second thread increases throughput: requests per second of the service without
// sockets, by one thread and by two concurrent ones. A load generator would take one of two cores
// and hide the result. Time in which a thread was ready but another process had its core is not
// counted: only contention between the threads is measured.
//   bench_threads read|write SECONDS    prints requests per second of one thread, then of two
#include <sched.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/service_load.h"

namespace pageturner {
namespace {

constexpr unsigned partitions = 10'000;

// Each thread has partitions of its own, so that the writes are to different items.
std::string request_of(bool reads, unsigned thread, unsigned i) {
  const unsigned half = partitions / 2;
  const unsigned customer = thread * half + i * 389 % half;
  const unsigned order = i % items_a_partition;
  if (reads) {
    return R"({"TableName":"orders","Key":{)" + key_members(customer, order) + "}}";
  }
  return R"({"TableName":"orders","Item":{)" + item_members(customer, order) + "}}";
}

// Returns the seconds this thread has waited for a core, from the kernel's schedstat; 0 without it.
double seconds_kept_off_core() {
  std::ifstream file("/proc/thread-self/schedstat");
  double running = 0;
  double waiting = 0;
  file >> running >> waiting;
  return waiting / 1e9;
}

// Pins the calling thread to the core with index `thread` among those the process may use: threads
// that share a core cannot contend. Has no effect if there are fewer cores.
void stay_on_core(unsigned thread) {
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &allowed) || thread-- > 0) continue;
    cpu_set_t own;
    CPU_ZERO(&own);
    CPU_SET(core, &own);
    sched_setaffinity(0, sizeof own, &own);
    return;
  }
}

double requests_a_second(ServiceLoad& load, bool reads, unsigned thread_count, double seconds) {
  const RequestHead head =
      signed_head(reads ? "DynamoDB_20120810.GetItem" : "DynamoDB_20120810.PutItem");
  std::atomic<unsigned> ready = 0;
  std::vector<double> rates(thread_count);
  std::vector<std::thread> threads;
  for (unsigned thread = 0; thread < thread_count; ++thread) {
    threads.emplace_back([&, thread] {
      stay_on_core(thread);
      std::string out;
      ++ready;
      while (ready < thread_count) std::this_thread::yield();
      const auto start = std::chrono::steady_clock::now();
      const double waited_before = seconds_kept_off_core();
      std::chrono::duration<double> taken{};
      unsigned i = 0;
      for (; taken.count() < seconds; taken = std::chrono::steady_clock::now() - start) {
        for (const unsigned end = i + 100; i < end; ++i) {
          load.run(head, request_of(reads, thread, i), out);
        }
      }
      rates[thread] = i / (taken.count() - (seconds_kept_off_core() - waited_before));
    });
  }
  for (std::thread& thread : threads) thread.join();
  return std::accumulate(rates.begin(), rates.end(), 0.0);
}

}  // namespace
}  // namespace pageturner

int main(int count, char** arguments) {
  const std::string_view kind = count == 3 ? arguments[1] : "";
  const double seconds = count == 3 ? std::atof(arguments[2]) : 0;
  if ((kind != "read" && kind != "write") || !(seconds > 0)) {
    std::fprintf(stderr, "Usage: bench_threads read|write SECONDS\n");
    return EXIT_FAILURE;
  }
  const bool reads = kind == "read";
  pageturner::ServiceLoad load(pageturner::partitions);
  // Alternating rounds: other load on the machine then affects both measurements.
  static constexpr int rounds = 7;
  for (int round = 0; round < rounds; ++round) {
    const double one = pageturner::requests_a_second(load, reads, 1, seconds);
    const double two = pageturner::requests_a_second(load, reads, 2, seconds);
    std::printf("%.0f %.0f\n", one, two);
    std::fflush(stdout);
  }
}
