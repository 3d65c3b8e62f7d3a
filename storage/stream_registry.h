// Which streams there are: those of the tables, and those that were disabled or whose table was
// deleted less than 24 hours ago.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "storage/catalog.h"
#include "storage/clock.h"
#include "storage/engine/engine.h"
#include "storage/read_write_lock.h"
#include "storage/stream.h"

namespace pageturner {

struct StreamOptions {
  std::uint32_t shards = 1;  // of each stream; 1 to limits::stream_shards_max
  Clock clock = now_milliseconds;
};

// Thread-safe.
class StreamRegistry {
 public:
  // Records go into `engine`, which has to outlive the log.
  StreamRegistry(Engine& engine, StreamOptions options)
      : engine_(engine), options_(std::move(options)) {}
  // Streams look at its clock.
  StreamRegistry(const StreamRegistry&) = delete;
  StreamRegistry& operator=(const StreamRegistry&) = delete;

  // The stream of a table that becomes `after` from `before` (nullptr: it is new): the one it has
  // where the view type stays, another one where a stream is enabled, and nullptr where none is.
  // Sets after.stream_created_milliseconds, which stays what it was where no stream is enabled. The
  // label of another one is its time, but later than that of every known stream of that table name.
  // Nobody finds it before `replace`; only one caller at a time.
  StreamPointer next_stream(const Table* before, TableDescription& after);

  // Puts `after` in the place of `before`, which is closed unless it is the same; either may be
  // nullptr. Nobody may write the table meanwhile.
  void replace(const StreamPointer& before, const StreamPointer& after);

  // The stream `name`, or nullptr.
  StreamPointer find(const StreamName& name) const;

  // At most `count` streams behind `after` (nullptr: from the first on) in the order of their
  // names; of the table `table_name` alone unless that is empty.
  std::vector<StreamPointer> list(std::string_view table_name, const StreamName* after,
                                  std::size_t count) const;

  // Erases what is older than the retention: 1,000 records of each shard at the most, and the
  // streams that are closed and empty.
  void trim();
  // Whether there is no stream that could be trimmed, which is told at once.
  bool empty() const { return count_ == 0; }

 private:
  Engine& engine_;
  const StreamOptions options_;
  mutable ReadWriteLock lock_;  // of all that follows
  std::map<StreamName, StreamPointer> streams_;
  std::atomic<std::size_t> count_ = 0;  // of streams_, for those without the lock
  ShardNumber next_shard_ = 1;
};

}  // namespace pageturner
