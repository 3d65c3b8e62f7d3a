// One stream: the changes of the items of one table, in the order in which they were committed.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/table_description.h"
#include "storage/engine/engine.h"
#include "storage/stream_record.h"

namespace pageturner {

// Gives the time in milliseconds since 1970.
using Clock = std::function<std::int64_t()>;

// What tells one stream from all others, and their order in ListStreams.
struct StreamName {
  std::string table_name;
  std::int64_t created_milliseconds = 0;

  auto operator<=>(const StreamName&) const = default;
};

// A part of a shard, in the order of its records.
struct StreamPage {
  struct Entry {
    std::uint64_t number;
    std::string record;  // in stored form
  };
  std::vector<Entry> entries;
  std::uint64_t next = 0;  // the position to go on from
  bool is_at_end = false;  // the stream is closed and this was the last of the shard
};

// Thread-safe. Records have numbers that only grow, over all shards of the stream; 0 is none. A
// record is committed together with the change that it tells of, and before the next number is
// given out: whoever has read up to a number has missed no smaller one.
class Stream {
 public:
  // An open stream of the table `description`, of which it takes a copy of what it needs. Its
  // shards have the numbers from `first_shard` on. `engine` and `clock` have to outlive every call.
  Stream(Engine& engine, const Clock& clock, const TableDescription& description,
         std::int64_t created_milliseconds, ShardNumber first_shard, std::uint32_t shard_count);

  const StreamName& name() const { return name_; }
  const std::string& table_id() const { return table_id_; }
  const KeySchema& key_schema() const { return key_schema_; }
  const std::string& view_type() const { return view_type_; }
  bool shows_new_images() const { return shows_new_images_; }
  bool shows_old_images() const { return shows_old_images_; }
  std::int64_t now_milliseconds() const { return clock_(); }

  // The ids of the shards, in their order.
  const std::vector<std::string>& shard_ids() const { return shard_ids_; }
  // The index of the shard that is called `shard_id`.
  std::optional<std::uint32_t> find_shard(std::string_view shard_id) const;
  // The index of the shard for changes of the item under `item_key`: one for each partition.
  std::uint32_t shard_of(std::string_view item_key) const;

  // The number that every shard starts with. No record has it.
  static constexpr std::uint64_t first_number = 1;
  // The number that every shard of a closed stream ends with; nothing while the stream is open.
  std::optional<std::uint64_t> last_number() const;
  // The position behind all records there are.
  std::uint64_t end_position() const;

  // Keeps all others from adding records.
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }
  // Adds `record`, in stored form and of the given time, to `batch` with the next number. The
  // caller holds lock() until it has committed the batch.
  void append(std::uint32_t shard, std::int64_t created_milliseconds, std::string record,
              WriteBatch& batch);

  // The records of a shard from `position` on: a number, or 0 for the oldest that there is; at most
  // `count`, and of 1 MB by their sizes. Errors: TrimmedDataAccessException.
  Result<StreamPage> read(std::uint32_t shard, std::uint64_t position, std::size_t count) const;

  // TrimmedDataAccessException where records from `position` on have been trimmed.
  Result<void> check_not_trimmed(std::uint32_t shard, std::uint64_t position) const;

  // Erases records that are older than the retention: at most 1,000, so that nobody waits long.
  void trim(std::uint32_t shard);

  // Ends all shards. Nobody may append from now on.
  void close();

  // Whether the stream was closed so long ago that it is to be forgotten, and holds nothing more.
  bool has_expired() const;

 private:
  struct Shard {
    std::uint64_t trimmed = 0;  // the last number that was trimmed
    // The time of the oldest record; nothing: there is no record.
    std::optional<std::int64_t> oldest_milliseconds;
  };

  Result<void> check_not_trimmed_locked(std::uint32_t shard, std::uint64_t position) const;

  Engine& engine_;
  const Clock& clock_;
  const StreamName name_;
  const std::string table_id_;
  const KeySchema key_schema_;
  const std::string view_type_;
  const bool shows_new_images_;
  const bool shows_old_images_;
  const ShardNumber first_shard_;
  std::vector<std::string> shard_ids_;

  mutable std::mutex mutex_;  // of all that follows
  std::uint64_t last_number_ = first_number;
  std::optional<std::int64_t> closed_milliseconds_;
  std::vector<Shard> shards_;
};

using StreamPointer = std::shared_ptr<Stream>;

}  // namespace pageturner
