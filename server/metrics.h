// Counters of requests, and the text of GET /metrics, which shows them and the size of the
// database.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "server/request_record.h"

namespace pageturner {

class Database;

// Thread-safe. Counting takes no lock: a few relaxed additions to counters that few other threads
// use. (prometheus-cpp, which Debian has, locks a mutex for each observation of a histogram.)
class Metrics {
 public:
  Metrics();
  ~Metrics();

  void count(const RequestRecord& record);
  void set_connections(std::size_t count) { connections_ = count; }

  // Appends the metrics of this server, of `database` and of the process to `out`, in Prometheus'
  // text format 0.0.4. The sums are not an atomic snapshot. Source: prometheus.io, "Exposition
  // formats".
  void append(std::string& out, Database& database) const;

 private:
  struct Counts;
  // The number of sets of counters that threads are distributed over.
  static constexpr std::size_t shard_count = 4;

  Counts sum(std::size_t operation) const;
  void append_requests(std::string& out) const;

  std::unique_ptr<Counts[]> counts_;  // by set, then by operation
  std::atomic<std::size_t> connections_ = 0;
};

// The media type of the output of Metrics::append.
inline constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace pageturner
