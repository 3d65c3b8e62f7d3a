// What a database remembers of jobs that are done: backups, exports, imports.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ddb {

// Records by their ids. Thread-safe.
template <class Record>
class RecordLog {
 public:
  using Pointer = std::shared_ptr<const Record>;

  // An id for something begun at the time `milliseconds`, in the service's form
  // (01489173575360-b308cd7d): unique, and later ones sort later.
  std::string make_id(std::int64_t milliseconds) {
    const std::lock_guard guard(mutex_);
    char id[40];
    std::snprintf(id, sizeof id, "%014lld-%08x", static_cast<long long>(milliseconds), made_++);
    return id;
  }

  void add(Pointer record) {
    const std::lock_guard guard(mutex_);
    const std::string id = record->id;
    records_.emplace(id, std::move(record));
  }

  // The record `id`, or nullptr.
  Pointer find(std::string_view id) const {
    const std::lock_guard guard(mutex_);
    const auto found = records_.find(id);
    return found == records_.end() ? nullptr : found->second;
  }

  // Takes the record out. False where it is not in any more.
  bool remove(std::string_view id) {
    const std::lock_guard guard(mutex_);
    const auto found = records_.find(id);
    if (found == records_.end()) return false;
    records_.erase(found);
    return true;
  }

  // All records, the oldest first.
  std::vector<Pointer> all() const {
    const std::lock_guard guard(mutex_);
    std::vector<Pointer> records;
    for (const auto& [id, record] : records_) records.push_back(record);
    return records;
  }

 private:
  mutable std::mutex mutex_;
  std::map<std::string, Pointer, std::less<>> records_;
  std::uint32_t made_ = 0;
};

}  // namespace ddb
