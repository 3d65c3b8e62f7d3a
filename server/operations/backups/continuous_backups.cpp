#include "server/operations/backups/continuous_backups.h"

#include <algorithm>

#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "storage/clock.h"

namespace pageturner {

RestorableTimes restorable_times(const PointInTimeRecovery& recovery, std::int64_t now) {
  constexpr std::int64_t day_milliseconds = 86'400'000;
  constexpr std::int64_t lag_milliseconds = 300'000;  // api: "typically 5 minutes"
  constexpr std::int64_t second = 1000;
  const auto whole_seconds = [](std::int64_t milliseconds) {
    return milliseconds / second * second;
  };
  const std::int64_t enabled = recovery.enabled_milliseconds;
  return {whole_seconds(std::max(enabled, now - recovery.period_days * day_milliseconds)),
          whole_seconds(std::max(enabled, now - lag_milliseconds))};
}

Result<PointInTimeRecovery> recovery_of(const TableDescription& table) {
  if (table.point_in_time_recovery) return *table.point_in_time_recovery;
  return Error{ErrorType::point_in_time_recovery_unavailable,
               concat("Point in time recovery is not enabled for table '", table.name, "'")};
}

BackupPointer last_backup(Database& database, const TableDescription& table,
                          std::int64_t milliseconds) {
  BackupPointer found;
  for (const BackupPointer& backup : database.backups().all()) {
    if (backup->table->id == table.id && backup->created_milliseconds <= milliseconds)
      found = backup;
  }
  return found;
}

void append_continuous_backups(std::string& out, const TableDescription& table) {
  ObjectWriter object(out);
  ObjectWriter description(object.member("ContinuousBackupsDescription"));
  description.text("ContinuousBackupsStatus", "ENABLED");
  ObjectWriter recovery(description.member("PointInTimeRecoveryDescription"));
  if (table.point_in_time_recovery) {
    const RestorableTimes times =
        restorable_times(*table.point_in_time_recovery, now_milliseconds());
    recovery.time("EarliestRestorableDateTime", times.earliest_milliseconds);
    recovery.time("LatestRestorableDateTime", times.latest_milliseconds);
    recovery.number("RecoveryPeriodInDays", table.point_in_time_recovery->period_days);
  }
  recovery.text("PointInTimeRecoveryStatus", table.point_in_time_recovery ? "ENABLED" : "DISABLED");
}

}  // namespace pageturner
