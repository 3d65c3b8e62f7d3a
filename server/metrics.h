// Counts of requests, and the text in which GET /metrics shows them and what the database holds.
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

// Thread-safe. Counting takes no lock: a few relaxed additions to numbers that few other threads
// add to. (prometheus-cpp, which Debian has, locks a mutex for each observation of a histogram.)
class Metrics {
 public:
  Metrics();
  ~Metrics();

  void count(const RequestRecord& record);
  void set_connections(std::size_t count) { connections_ = count; }

  // Appends the metrics of this server, of `database` and of the process to `out`, in the text
  // format 0.0.4 of Prometheus. Source: prometheus.io, "Exposition formats".
  void append(std::string& out, Database& database) const;

 private:
  struct Counts;
  // Threads are dealt out over so many sets of counts.
  static constexpr std::size_t shard_count = 4;

  Counts sum(std::size_t operation) const;
  void append_requests(std::string& out) const;

  std::unique_ptr<Counts[]> counts_;  // by shard, then by operation
  std::atomic<std::size_t> connections_ = 0;
};

// The media type of Metrics::append.
inline constexpr const char* metrics_content_type = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace pageturner
