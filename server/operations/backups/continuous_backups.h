// Point-in-time recovery, as it is set and shown.
#pragma once

#include <string>

#include "storage/database.h"

namespace pageturner {

// The first and the last moment to which `recovery` lets a table go back, at the time `now`.
struct RestorableTimes {
  std::int64_t earliest_milliseconds;
  std::int64_t latest_milliseconds;
};
RestorableTimes restorable_times(const PointInTimeRecovery& recovery, std::int64_t now);

// The point-in-time recovery of `table`. Errors: PointInTimeRecoveryUnavailableException.
Result<PointInTimeRecovery> recovery_of(const TableDescription& table);

// The last backup of `table` that is not later than `milliseconds`, which stands for its state at
// that time, or nullptr: then the present does.
BackupPointer last_backup(Database& database, const TableDescription& table,
                          std::int64_t milliseconds);

// Appends {"ContinuousBackupsDescription":{…}} of `table`. Source: recorded answers.
void append_continuous_backups(std::string& out, const TableDescription& table);

}  // namespace pageturner
