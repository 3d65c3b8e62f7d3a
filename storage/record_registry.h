// Registries of completed jobs: backups, exports, imports.
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

// Returns the id of a record that began at the time `milliseconds`, in the service's form, which
// sorts by time: 01489173575360-b308cd7d.
inline std::string record_id(std::int64_t milliseconds, std::uint32_t number) {
  char id[40];
  std::snprintf(id, sizeof id, "%014lld-%08x", static_cast<long long>(milliseconds), number);
  return id;
}

// Records by id. Thread-safe.
template <class Record>
class RecordRegistry {
 public:
  using Pointer = std::shared_ptr<const Record>;
  using Records = std::map<std::string, Pointer, std::less<>>;
  using Prepared = typename Records::node_type;

  // Returns an id that no other record has, for a record that begins at the time `milliseconds`.
  // Its number is never 0.
  std::string make_id(std::int64_t milliseconds) {
    const std::lock_guard guard(mutex_);
    return record_id(milliseconds, ++made_);
  }

  // Allocates what add() needs for `record`.
  static Prepared prepare(Pointer record) {
    Records records;
    const std::string id = record->id;
    records.emplace(id, std::move(record));
    return records.extract(records.begin());
  }

  // Adds a record under its id. Returns false if the id is taken. Allocates nothing.
  bool add(Prepared record) {
    const std::lock_guard guard(mutex_);
    return records_.insert(std::move(record)).inserted;
  }
  bool add(Pointer record) { return add(prepare(std::move(record))); }

  // Returns the record `id`, or nullptr.
  Pointer find(std::string_view id) const {
    const std::lock_guard guard(mutex_);
    const auto found = records_.find(id);
    return found == records_.end() ? nullptr : found->second;
  }

  // Removes the record. Returns false if there is none with that id.
  bool remove(std::string_view id) {
    const std::lock_guard guard(mutex_);
    const auto found = records_.find(id);
    if (found == records_.end()) return false;
    records_.erase(found);
    return true;
  }

  // Removes the records that began before the time `milliseconds`.
  void remove_before(std::int64_t milliseconds) {
    const std::lock_guard guard(mutex_);
    records_.erase(records_.begin(), records_.lower_bound(record_id(milliseconds, 0)));
  }

  // Returns all records, the oldest first.
  std::vector<Pointer> all() const {
    const std::lock_guard guard(mutex_);
    std::vector<Pointer> records;
    for (const auto& [id, record] : records_) records.push_back(record);
    return records;
  }

 private:
  mutable std::mutex mutex_;
  Records records_;
  std::uint32_t made_ = 0;
};

}  // namespace pageturner
