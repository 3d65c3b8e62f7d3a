// The backups of tables, those that are gone included.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/table_description.h"
#include "storage/key_codec.h"

namespace ddb {

// A table as it was.
struct Backup {
  std::string id;  // the last part of its ARN; later backups have later ids
  std::string name;
  std::int64_t created_milliseconds = 0;
  TableDescription table;
  std::int64_t item_count = 0;
  std::int64_t size_bytes = 0;
  SpaceId space = 0;  // where its items are
};

using BackupPointer = std::shared_ptr<const Backup>;

// Thread-safe.
class BackupLog {
 public:
  // An id for a backup made at the time `milliseconds`: unique, and later ones sort later.
  std::string make_id(std::int64_t milliseconds);

  void add(BackupPointer backup);

  // The backup `id`, or nullptr.
  BackupPointer find(std::string_view id) const;

  // Takes the backup out. False where it is not in any more.
  bool remove(std::string_view id);

  // All backups, the oldest first.
  std::vector<BackupPointer> all() const;

 private:
  mutable std::mutex mutex_;
  std::map<std::string, BackupPointer, std::less<>> backups_;
  std::uint32_t made_ = 0;
};

}  // namespace ddb
