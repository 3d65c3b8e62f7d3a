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

namespace pageturner {

// The id of a record begun at the time `milliseconds`, in the service's form, by which later ones
// sort later: 01489173575360-b308cd7d.
inline std::string record_id(std::int64_t milliseconds, std::uint32_t number) {
  char id[40];
  std::snprintf(id, sizeof id, "%014lld-%08x", static_cast<long long>(milliseconds), number);
  return id;
}

// Records by their ids. Thread-safe.
template <class Record>
class RecordRegistry {
 public:
  using Pointer = std::shared_ptr<const Record>;

  // An id that no other record has, for something begun at the time `milliseconds`. Its number is
  // never 0.
  std::string make_id(std::int64_t milliseconds) {
    const std::lock_guard guard(mutex_);
    return record_id(milliseconds, ++made_);
  }

  // False where there is a record of that id already.
  bool add(Pointer record) {
    const std::lock_guard guard(mutex_);
    const std::string id = record->id;
    return records_.emplace(id, std::move(record)).second;
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

}  // namespace pageturner
