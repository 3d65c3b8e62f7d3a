#include "storage/backup_registry.h"

namespace pageturner {

BackupPointer BackupRegistry::add(Backup backup) {
  const auto added = std::make_shared<Backup>(std::move(backup));
  if (!added->is_of_system()) {
    added->id = backups_.make_id(added->created_milliseconds);
    backups_.add(added);
    return added;
  }
  while (true) {
    // Recorded answers: the number in the id of such a backup is always 0.
    added->id = record_id(added->created_milliseconds, 0);
    if (backups_.add(added)) {
      ++expiring_;
      return added;
    }
    ++added->created_milliseconds;
    ++*added->expires_milliseconds;
  }
}

bool BackupRegistry::remove(const BackupPointer& backup) {
  if (!backups_.remove(backup->id)) return false;
  if (backup->is_of_system()) --expiring_;
  return true;
}

}  // namespace pageturner
