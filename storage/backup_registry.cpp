#include "storage/backup_registry.h"

namespace pageturner {

BackupPointer BackupRegistry::add(Backup backup) {
  if (!backup.is_of_system()) {
    backup.id = backups_.make_id(backup.created_milliseconds);
    auto added = std::make_shared<const Backup>(std::move(backup));
    backups_.add(added);
    return added;
  }
  while (true) {
    // Recorded answers: the number in the id of such a backup is always 0.
    backup.id = record_id(backup.created_milliseconds, 0);
    auto added = std::make_shared<const Backup>(backup);
    if (backups_.add(added)) {
      ++expiring_;
      return added;
    }
    ++backup.created_milliseconds;
    ++*backup.expires_milliseconds;
  }
}

bool BackupRegistry::remove(const BackupPointer& backup) {
  if (!backups_.remove(backup->id)) return false;
  if (backup->is_of_system()) --expiring_;
  return true;
}

}  // namespace pageturner
