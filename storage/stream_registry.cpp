#include "storage/stream_registry.h"

#include <absl/cleanup/cleanup.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <new>
#include <shared_mutex>

#include "protocol/limits.h"

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
    const auto due =
        due_.emplace(options_.clock() + limits::stream_retention_milliseconds, after).first;
    absl::Cleanup undo = [&] { due_.erase(due); };
    streams_.emplace(after->name(), after);
    std::move(undo).Cancel();
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
  std::erase_if(due_, [&](const Due& due) { return due.second.get() == &stream; });
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

std::vector<StreamRegistry::Due> StreamRegistry::due_streams() const {
  const std::int64_t now = options_.clock();
  const std::shared_lock guard(lock_);
  auto end = due_.begin();
  while (end != due_.end() && end->first <= now) ++end;
  return {due_.begin(), end};
}

void StreamRegistry::trim() {
  for (const Due& due : due_streams()) {
    const StreamPointer& stream = due.second;
    const std::int64_t next = stream->trim_all();
    const bool has_expired = stream->has_expired();
    const std::unique_lock guard(lock_);
    auto entry = due_.extract(due);
    if (entry.empty()) continue;  // another thread has trimmed the stream
    if (has_expired) {
      streams_.erase(stream->name());
      count_ = streams_.size();
    } else {
      entry.value().first = next;
      due_.insert(std::move(entry));
    }
  }
}

}  // namespace pageturner
