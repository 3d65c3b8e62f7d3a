#include "storage/stream_registry.h"

#include <algorithm>
#include <limits>
#include <mutex>
#include <new>
#include <shared_mutex>

namespace pageturner {

StreamPointer StreamRegistry::next_stream(const Table* before, TableDescription& after) {
  const TableDescription nothing;
  const TableDescription& was = before == nullptr ? nothing : before->description;
  after.stream_created_milliseconds = was.stream_created_milliseconds;
  if (after.stream_view_type.empty()) return nullptr;
  if (after.stream_view_type == was.stream_view_type) return before->stream;
  const std::unique_lock guard(lock_);
  std::int64_t created = std::max(options_.clock(), was.stream_created_milliseconds + 1);
  // A deleted table of that name may have had a stream in the same millisecond.
  const auto later = streams_.upper_bound({after.name, std::numeric_limits<std::int64_t>::max()});
  if (later != streams_.begin()) {
    const StreamName& latest = std::prev(later)->first;
    if (latest.table_name == after.name)
      created = std::max(created, latest.created_milliseconds + 1);
  }
  after.stream_created_milliseconds = created;
  const ShardNumber first_shard = next_shard_;
  next_shard_ += options_.shards;
  return std::make_shared<Stream>(engine_, options_.clock, after, created, first_shard,
                                  options_.shards);
}

void StreamRegistry::replace(const StreamPointer& before, const StreamPointer& after) {
  if (before == after) return;
  if (after != nullptr) {
    const std::unique_lock guard(lock_);
    streams_.emplace(after->name(), after);
    count_ = streams_.size();
  }
  if (before != nullptr) before->close();
  try {
    trim();
  } catch (const std::bad_alloc&) {
    // The next sweep trims.
  }
}

void StreamRegistry::remove(const Stream& stream) {
  const std::unique_lock guard(lock_);
  streams_.erase(stream.name());
  count_ = streams_.size();
}

StreamPointer StreamRegistry::find(const StreamName& name) const {
  const std::shared_lock guard(lock_);
  const auto found = streams_.find(name);
  return found == streams_.end() ? nullptr : found->second;
}

std::vector<StreamPointer> StreamRegistry::list(std::string_view table_name,
                                                const StreamName* after, std::size_t count) const {
  const StreamName before_table{std::string(table_name), 0};
  const std::shared_lock guard(lock_);
  auto at = table_name.empty() ? streams_.begin() : streams_.lower_bound(before_table);
  if (after != nullptr && *after >= before_table) at = streams_.upper_bound(*after);
  std::vector<StreamPointer> streams;
  for (; at != streams_.end() && streams.size() < count; ++at) {
    if (!table_name.empty() && at->first.table_name != table_name) break;
    streams.push_back(at->second);
  }
  return streams;
}

void StreamRegistry::trim() {
  const auto streams = list({}, nullptr, std::numeric_limits<std::size_t>::max());
  for (const StreamPointer& stream : streams) {
    for (std::uint32_t shard = 0; shard < stream->shard_ids().size(); ++shard) stream->trim(shard);
    if (stream->has_expired()) remove(*stream);
  }
}

}  // namespace pageturner
