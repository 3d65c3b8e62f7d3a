#include "storage/backup_log.h"

#include <cstdio>

namespace ddb {

std::string BackupLog::make_id(std::int64_t milliseconds) {
  const std::lock_guard guard(mutex_);
  char id[40];
  // The service's form: 01489173575360-b308cd7d.
  std::snprintf(id, sizeof id, "%014lld-%08x", static_cast<long long>(milliseconds), made_++);
  return id;
}

void BackupLog::add(BackupPointer backup) {
  const std::lock_guard guard(mutex_);
  const std::string id = backup->id;
  backups_.emplace(id, std::move(backup));
}

BackupPointer BackupLog::find(std::string_view id) const {
  const std::lock_guard guard(mutex_);
  const auto found = backups_.find(id);
  return found == backups_.end() ? nullptr : found->second;
}

bool BackupLog::remove(std::string_view id) {
  const std::lock_guard guard(mutex_);
  const auto found = backups_.find(id);
  if (found == backups_.end()) return false;
  backups_.erase(found);
  return true;
}

std::vector<BackupPointer> BackupLog::all() const {
  const std::lock_guard guard(mutex_);
  std::vector<BackupPointer> backups;
  for (const auto& [id, backup] : backups_) backups.push_back(backup);
  return backups;
}

}  // namespace ddb
