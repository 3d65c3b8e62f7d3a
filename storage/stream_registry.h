// The streams of a database: the open ones, and those that were disabled or whose table was deleted
// less than 24 hours ago.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <utility>
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
  // Records are stored in `engine`, which must outlive the registry.
  StreamRegistry(Engine& engine, StreamOptions options)
      : engine_(engine), options_(std::move(options)) {}
  // Not copyable: streams refer to its clock.
  StreamRegistry(const StreamRegistry&) = delete;
  StreamRegistry& operator=(const StreamRegistry&) = delete;

  // Returns the stream of a table whose description changes from `before` (nullptr: a new table) to
  // `after`: the current one if the view type stays, a new one if a stream is enabled, nullptr if
  // there is none. Sets after.stream_created_milliseconds, which is unchanged if no stream is
  // enabled; for a new stream it is the current time, but later than that of every known stream of
  // that table name. A new stream is not registered; replace() does that. Requires (not checked):
  // no concurrent calls.
  StreamPointer next_stream(const Table* before, TableDescription& after);

  // Registers `after` and closes `before`, unless they are the same; either may be nullptr. Then
  // calls trim(), best effort. Throws std::bad_alloc, and changes nothing then; cannot fail if
  // `after` is nullptr. Requires (not checked): if `before` is a stream, there are no concurrent
  // writes to its table.
  void replace(const StreamPointer& before, const StreamPointer& after);

  // Removes `stream`.
  void remove(const Stream& stream);

  // Returns the stream `name`, or nullptr.
  StreamPointer find(const StreamName& name) const;

  // Returns at most `count` streams after `after` (nullptr: from the first on) in the order of
  // their names; only those of the table `table_name` unless that is empty.
  std::vector<StreamPointer> list(std::string_view table_name, const StreamName* after,
                                  std::size_t count) const;

  // Erases records that are older than the retention, at most 1,000 of each shard, and removes
  // closed streams that are empty. Looks only at streams in which something may have expired.
  void trim();
  // Whether there is no stream. Takes no lock.
  bool empty() const { return count_ == 0; }

 private:
  // A stream and a time before which it has nothing to trim and is not removed.
  using Due = std::pair<std::int64_t, StreamPointer>;
  std::vector<Due> due_streams() const;

  Engine& engine_;
  const StreamOptions options_;
  mutable ReadWriteLock lock_;  // guards all following members; count_ is also read without it
  std::map<StreamName, StreamPointer> streams_;
  std::set<Due> due_;                   // one for each of streams_
  std::atomic<std::size_t> count_ = 0;  // of streams_
  ShardNumber next_shard_ = 1;
};

}  // namespace pageturner
