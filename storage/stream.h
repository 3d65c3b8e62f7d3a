// One stream: the changes of the items of one table, in the order of their commits.
#pragma once

#include <absl/functional/function_ref.h>

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
#include "storage/memory_charge.h"
#include "storage/stream_record.h"

namespace pageturner {

// Changes the settings of a resource. After an error the settings are unchanged.
using SettingsChange = absl::FunctionRef<Result<void>(ResourceSettings& settings)>;

// Returns the time in milliseconds since 1970.
using Clock = std::function<std::int64_t()>;

// The identity of a stream, and its position in ListStreams.
struct StreamName {
  std::string table_name;
  std::int64_t created_milliseconds = 0;

  auto operator<=>(const StreamName&) const = default;
};

// Consecutive records of a shard.
struct StreamPage {
  struct Entry {
    std::uint64_t number;
    std::string record;  // in stored form
  };
  std::vector<Entry> entries;
  std::uint64_t next = 0;  // the position to continue from
  bool is_at_end = false;  // the stream is closed and the shard has no further records
};

// Thread-safe. Records have increasing numbers, over all shards of the stream; 0 is no number. A
// record is committed together with its change, and before the next number is assigned: a reader
// that has read up to a number has not missed a smaller one.
class Stream {
 public:
  // An open stream of the table `description`, of which it copies what it needs. Its shards are
  // numbered from `first_shard` on. `engine` and `clock` must outlive it.
  Stream(Engine& engine, const Clock& clock, const TableDescription& description,
         std::int64_t created_milliseconds, ShardNumber first_shard, std::uint32_t shard_count);

  // Counts the memory of the stream as long as it exists. Returns false if there is no room for it.
  // Requires (not checked): no concurrent calls.
  bool charge_memory();

  const StreamName& name() const { return name_; }
  const std::string& table_id() const { return table_id_; }
  const KeySchema& key_schema() const { return key_schema_; }
  const std::string& view_type() const { return view_type_; }
  bool shows_new_images() const { return shows_new_images_; }
  bool shows_old_images() const { return shows_old_images_; }
  std::int64_t now_milliseconds() const { return clock_(); }

  // The ids of the shards, in order.
  const std::vector<std::string>& shard_ids() const { return shard_ids_; }
  // Returns the index of the shard `shard_id`, or nothing.
  std::optional<std::uint32_t> find_shard(std::string_view shard_id) const;
  // Returns the index of the shard for changes of the item with the key `item_key`. All items of a
  // partition have the same shard.
  std::uint32_t shard_of(std::string_view item_key) const;

  // The number that every shard starts with. No record has it.
  static constexpr std::uint64_t first_number = 1;
  // The number that every shard of a closed stream ends with; nothing while the stream is open.
  std::optional<std::uint64_t> last_number() const;
  // The position after all present records.
  std::uint64_t end_position() const;

  // Blocks append() by other threads. A thread that locks several streams must do so in the order
  // of their addresses. While it holds the lock it may call only append() of this stream.
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }
  // Adds `record`, in stored form and with the given time, to `batch` under the next number.
  // Requires (not checked): the caller holds lock() until it has committed the batch.
  void append(std::uint32_t shard, std::int64_t created_milliseconds, std::string record,
              WriteBatch& batch);

  // Returns records of a shard from `position` on, a number or 0 for the oldest record: at most
  // `count`, and at most 1 MB by their sizes. Errors: TrimmedDataAccessException.
  Result<StreamPage> read(std::uint32_t shard, std::uint64_t position, std::size_t count) const;

  // Returns TrimmedDataAccessException if a record from `position` on has been trimmed.
  Result<void> check_not_trimmed(std::uint32_t shard, std::uint64_t position) const;

  // Erases records that are older than the retention: at most 1,000, to limit the time that other
  // threads wait.
  void trim(std::uint32_t shard);
  // Trims all shards. Returns a time before which another call does nothing and has_expired() does
  // not become true: the retention after the oldest record, or after this call.
  std::int64_t trim_all();

  // Closes all shards. Requires (not checked): append() is not called any more.
  void close();

  // Returns the tags and the policy, which live as long as the stream: longer than its table.
  ResourceSettings settings() const;
  // Runs `change` on them. Concurrent changes are serialized; `change` must not use the stream.
  // Errors: those of `change`; `no_room` if there is no memory for longer ones.
  Result<void> change_settings(SettingsChange change, const Error& no_room);

  // Whether the retention of a closed stream is over and it has no more records, so that it can be
  // removed.
  bool has_expired() const;

 private:
  struct Shard {
    std::uint64_t trimmed = 0;  // the highest trimmed number
    // The time of the oldest record; nothing if there is no record.
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

  mutable std::mutex mutex_;  // guards all following members
  std::uint64_t last_number_ = first_number;
  std::optional<std::int64_t> closed_milliseconds_;
  std::vector<Shard> shards_;

  mutable std::mutex settings_mutex_;  // guards settings_; never held together with mutex_
  ResourceSettings settings_;
  MemoryCharge settings_charge_;

  MemoryCharge charge_;  // of all but the settings
};

using StreamPointer = std::shared_ptr<Stream>;

}  // namespace pageturner
