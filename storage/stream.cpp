#include "storage/stream.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "protocol/limits.h"
#include "storage/key_codec.h"
#include "storage/memory_bytes.h"

namespace pageturner {
namespace {

// Shards split the partitions by the upper 32 bits of their hashes.
constexpr std::uint64_t hashes = std::uint64_t{1} << 32;

// "shardId-00000001446500994480-a69421f6": the time of the stream and the lowest hash of the
// partition keys of the shard. Ids sort in the order of the shards.
std::string shard_id(std::int64_t created_milliseconds, std::uint64_t first_hash) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "shardId-%020lld-%08llx",
                static_cast<long long>(created_milliseconds),
                static_cast<unsigned long long>(first_hash));
  return text.data();
}

bool is_expired(std::int64_t milliseconds, std::int64_t now) {
  return milliseconds + limits::stream_retention_milliseconds <= now;
}

}  // namespace

Stream::Stream(Engine& engine, const Clock& clock, const TableDescription& description,
               std::int64_t created_milliseconds, ShardNumber first_shard,
               std::uint32_t shard_count)
    : engine_(engine),
      clock_(clock),
      name_{description.name, created_milliseconds},
      table_id_(description.id),
      key_schema_(description.key_schema),
      view_type_(description.stream_view_type),
      shows_new_images_(view_type_ == "NEW_IMAGE" || view_type_ == "NEW_AND_OLD_IMAGES"),
      shows_old_images_(view_type_ == "OLD_IMAGE" || view_type_ == "NEW_AND_OLD_IMAGES"),
      first_shard_(first_shard),
      shards_(shard_count) {
  for (std::uint64_t i = 0; i < shard_count; ++i) {
    // Rounded up, because shard_of rounds down.
    shard_ids_.push_back(
        shard_id(created_milliseconds, (i * hashes + shard_count - 1) / shard_count));
  }
}

bool Stream::charge_memory() {
  // With its place in the registry, where its name is repeated twice.
  std::size_t bytes = allocation_bytes(sizeof *this) + 3 * owned_bytes(name_.table_name) +
                      2 * allocation_bytes(sizeof name_ + 64) +
                      allocation_bytes(shards_.size() * sizeof(Shard)) +
                      allocation_bytes(shards_.size() * sizeof(std::string));
  for (const std::string& id : shard_ids_) bytes += owned_bytes(id);
  auto charge = MemoryCharge::attempt(engine_, bytes);
  if (!charge) return false;
  charge_ = *std::move(charge);
  return true;
}

std::optional<std::uint32_t> Stream::find_shard(std::string_view shard_id) const {
  const auto found = std::lower_bound(shard_ids_.begin(), shard_ids_.end(), shard_id);
  if (found == shard_ids_.end() || *found != shard_id) return std::nullopt;
  return static_cast<std::uint32_t>(found - shard_ids_.begin());
}

std::uint32_t Stream::shard_of(std::string_view item_key) const {
  return static_cast<std::uint32_t>((partition_hash(item_key) >> 32) * shard_ids_.size() / hashes);
}

std::optional<std::uint64_t> Stream::last_number() const {
  const std::lock_guard guard(mutex_);
  return closed_milliseconds_ ? std::optional(last_number_) : std::nullopt;
}

std::uint64_t Stream::end_position() const {
  const std::lock_guard guard(mutex_);
  return last_number_ + 1;
}

void Stream::append(std::uint32_t shard, std::int64_t created_milliseconds, std::string record,
                    WriteBatch& batch) {
  auto& oldest = shards_[shard].oldest_milliseconds;
  if (!oldest) oldest = created_milliseconds;
  batch.put(stream_space, encode_stream_key(first_shard_ + shard, ++last_number_),
            std::move(record));
}

Result<void> Stream::check_not_trimmed(std::uint32_t shard, std::uint64_t position) const {
  const std::lock_guard guard(mutex_);
  return check_not_trimmed_locked(shard, position);
}

Result<void> Stream::check_not_trimmed_locked(std::uint32_t shard, std::uint64_t position) const {
  if (position == 0 || position > shards_[shard].trimmed) return {};
  return Error{ErrorType::trimmed_data_access,
               "The data you are trying to access has been trimmed"};
}

Result<StreamPage> Stream::read(std::uint32_t shard, std::uint64_t position,
                                std::size_t count) const {
  std::unique_lock guard(mutex_);
  PAGETURNER_RETURN_IF_ERROR(check_not_trimmed_locked(shard, position));
  const bool is_closed = closed_milliseconds_.has_value();
  // Taken under the lock, so that no record is trimmed before the view exists.
  const auto view = engine_.read_view();
  guard.unlock();
  StreamPage page{.next = position};
  std::size_t size_bytes = 0;
  bool more = false;
  view->walk(stream_space, stream_key_range(first_shard_ + shard, position), Direction::forward,
             [&](std::string_view key, std::string_view record) {
               size_bytes += decode_stream_record(record).size_bytes;
               more = page.entries.size() == count ||
                      (size_bytes > limits::stream_records_size_bytes_max && !page.entries.empty());
               if (more) return false;
               page.entries.push_back({stream_key_number(key), std::string(record)});
               return true;
             });
  if (!page.entries.empty()) page.next = page.entries.back().number + 1;
  page.is_at_end = is_closed && !more;
  return page;
}

void Stream::trim(std::uint32_t shard_index) {
  constexpr std::size_t records_at_once = 1000;
  const std::int64_t now = now_milliseconds();
  const std::lock_guard guard(mutex_);
  Shard& shard = shards_[shard_index];
  if (!shard.oldest_milliseconds || !is_expired(*shard.oldest_milliseconds, now)) return;
  WriteBatch batch;
  std::uint64_t trimmed = 0;
  std::optional<std::int64_t> oldest;
  engine_.read_view()->walk(
      stream_space, stream_key_range(first_shard_ + shard_index, 0), Direction::forward,
      [&](std::string_view key, std::string_view bytes) {
        const std::int64_t created = decode_stream_record(bytes).created_milliseconds;
        if (batch.changes().size() == records_at_once || !is_expired(created, now)) {
          oldest = created;
          return false;
        }
        trimmed = stream_key_number(key);
        batch.erase(stream_space, std::string(key));
        return true;
      });
  if (!batch.empty()) {
    engine_.commit(std::move(batch));
    shard.trimmed = trimmed;
  }
  shard.oldest_milliseconds = oldest;
}

std::int64_t Stream::trim_all() {
  std::int64_t oldest = now_milliseconds();
  for (std::uint32_t shard = 0; shard < shards_.size(); ++shard) trim(shard);
  const std::lock_guard guard(mutex_);
  if (closed_milliseconds_) oldest = std::min(oldest, *closed_milliseconds_);
  for (const Shard& shard : shards_) {
    if (shard.oldest_milliseconds) oldest = std::min(oldest, *shard.oldest_milliseconds);
  }
  return oldest + limits::stream_retention_milliseconds;
}

void Stream::close() {
  const std::lock_guard guard(mutex_);
  ++last_number_;
  closed_milliseconds_ = now_milliseconds();
}

ResourceSettings Stream::settings() const {
  const std::lock_guard guard(settings_mutex_);
  return settings_;
}

Result<void> Stream::change_settings(SettingsChange change, const Error& no_room) {
  const std::lock_guard guard(settings_mutex_);
  ResourceSettings changed = settings_;
  PAGETURNER_RETURN_IF_ERROR(change(changed));
  auto charge = MemoryCharge::replace(engine_, owned_bytes(changed), owned_bytes(settings_));
  if (!charge) return no_room;
  settings_charge_ = *std::move(charge);
  settings_ = std::move(changed);
  return {};
}

bool Stream::has_expired() const {
  const std::lock_guard guard(mutex_);
  return closed_milliseconds_ && is_expired(*closed_milliseconds_, now_milliseconds()) &&
         std::all_of(shards_.begin(), shards_.end(),
                     [](const Shard& shard) { return !shard.oldest_milliseconds; });
}

}  // namespace pageturner
