// The backups of tables, those that are gone included.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "protocol/table_description.h"
#include "storage/key_codec.h"
#include "storage/record_registry.h"

namespace pageturner {

// A table as it was.
struct Backup {
  std::string id;  // the last part of its ARN; later backups have later ids
  std::string name;
  std::int64_t created_milliseconds = 0;
  // When it goes by itself. Only what the system keeps of a deleted table does.
  std::optional<std::int64_t> expires_milliseconds;
  TableDescription table;
  std::int64_t item_count = 0;
  std::int64_t size_bytes = 0;
  KeyspaceId space = 0;  // where its items are

  bool is_of_system() const { return expires_milliseconds.has_value(); }
};

using BackupPointer = std::shared_ptr<const Backup>;

// Thread-safe.
class BackupRegistry {
 public:
  // Keeps `backup` under a new id. Ids of backups of the system tell nothing but their time: where
  // that is taken the backup gets the next one that is free.
  BackupPointer add(Backup backup);

  // The backup `id`, or nullptr.
  BackupPointer find(std::string_view id) const { return backups_.find(id); }

  // Takes the backup out. False where it is not in any more.
  bool remove(const BackupPointer& backup);

  // All backups, the oldest first.
  std::vector<BackupPointer> all() const { return backups_.all(); }

  // Whether there are any that expire, which is told at once.
  bool has_expiring() const { return expiring_ > 0; }

 private:
  RecordRegistry<Backup> backups_;
  std::atomic<std::size_t> expiring_ = 0;
};

}  // namespace pageturner
