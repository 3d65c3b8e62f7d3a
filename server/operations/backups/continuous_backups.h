// Point-in-time recovery in requests and responses.
#pragma once

#include <string>

#include "storage/database.h"

namespace pageturner {

// The earliest and the latest time to which a table can be restored. Milliseconds since 1970, whole
// seconds.
struct RestorableTimes {
  std::int64_t earliest_milliseconds;
  std::int64_t latest_milliseconds;
};

// Returns the restorable times of a table with `recovery` at the time `now`.
RestorableTimes restorable_times(const PointInTimeRecovery& recovery, std::int64_t now);

// Returns the point-in-time recovery of `table`. Errors: PointInTimeRecoveryUnavailableException.
Result<PointInTimeRecovery> recovery_of(const TableDescription& table);

// Returns the latest backup of `table` that is not later than `milliseconds`, from which a restore
// to that time is made. Returns nullptr if there is none; the restore then uses the present table.
BackupPointer last_backup(Database& database, const TableDescription& table,
                          std::int64_t milliseconds);

// Appends {"ContinuousBackupsDescription":{…}} of `table`. Source: recorded answers.
void append_continuous_backups(std::string& out, const TableDescription& table);

}  // namespace pageturner
