// The backups of tables, including deleted tables.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "storage/catalog.h"
#include "storage/key_codec.h"
#include "storage/memory_charge.h"
#include "storage/record_registry.h"

namespace pageturner {

// The state of a table at some time.
struct Backup {
  std::string id;  // the last part of its ARN; sorts by time of creation
  std::string name;
  std::int64_t created_milliseconds = 0;
  // When it is deleted automatically. Only a backup that the system makes of a deleted table has
  // this.
  std::optional<std::int64_t> expires_milliseconds;
  DescriptionPointer table;  // shared with the version of the table
  std::int64_t item_count = 0;
  std::int64_t size_bytes = 0;
  bool has_large_items = false;  // see Counters
  KeyspaceId space = 0;          // the keyspace of its items
  MemoryCharge charge;           // of this record

  bool is_of_system() const { return expires_milliseconds.has_value(); }
};

using BackupPointer = std::shared_ptr<const Backup>;

// Thread-safe.
class BackupRegistry {
 public:
  // Adds `backup` under a new id and returns it. The id of a backup of the system consists of its
  // time only: if that id is taken, the times of `backup` are moved to the next free millisecond.
  BackupPointer add(Backup backup);

  // Returns the backup `id`, or nullptr.
  BackupPointer find(std::string_view id) const { return backups_.find(id); }

  // Removes the backup. Returns false if it was removed before.
  bool remove(const BackupPointer& backup);

  // Returns all backups, the oldest first.
  std::vector<BackupPointer> all() const { return backups_.all(); }

  // Whether any backup can expire. Takes no lock.
  bool has_expiring() const { return expiring_ > 0; }

 private:
  RecordRegistry<Backup> backups_;
  std::atomic<std::size_t> expiring_ = 0;
};

}  // namespace pageturner
