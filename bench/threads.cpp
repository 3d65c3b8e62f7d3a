// Whether a second thread helps: requests a second of the service without sockets, by one thread
// and by two at once. A load generator would take one of two cores for itself and hide the answer.
// The time in which a thread could have run, but another process had its core, is left out: what
// counts is whether the threads hold up each other.
//   bench_threads read|write SECONDS    prints the requests a second of one thread, then of two
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

// Each thread has partitions of its own: writes to different items.
std::string request_of(bool reads, unsigned thread, unsigned i) {
  const unsigned half = partitions / 2;
  const unsigned customer = thread * half + i * 389 % half;
  const unsigned order = i % items_a_partition;
  if (reads) {
    return R"({"TableName":"orders","Key":{)" + key_members(customer, order) + "}}";
  }
  return R"({"TableName":"orders","Item":{)" + item_members(customer, order) + "}}";
}

// How long this thread has waited for a core, by the kernel's accounting; 0 where it keeps none.
double seconds_kept_off_core() {
  std::ifstream file("/proc/thread-self/schedstat");
  double running = 0;
  double waiting = 0;
  file >> running >> waiting;
  return waiting / 1e9;
}

// Threads that take turns on one core are never in each other's way: this one stays on the core
// number `thread` of those that the process may use. It runs on wherever there are fewer.
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
  // By turns: whoever else uses the machine then takes from both.
  static constexpr int rounds = 7;
  for (int round = 0; round < rounds; ++round) {
    const double one = pageturner::requests_a_second(load, reads, 1, seconds);
    const double two = pageturner::requests_a_second(load, reads, 2, seconds);
    std::printf("%.0f %.0f\n", one, two);
    std::fflush(stdout);
  }
}
