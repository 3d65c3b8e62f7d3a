// UpdateContinuousBackups: enables and disables point-in-time recovery. The setting is stored and
// returned; tables can be restored only to backups and the present. api: UpdateContinuousBackups.
#include "server/operations/backups/backup_output.h"
#include "server/operations/backups/continuous_backups.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "storage/clock.h"

namespace pageturner {

Result<void> update_continuous_backups(Database& database, const Request& request,
                                       std::string& out) {
  const JsonValue specification = request.body.find("PointInTimeRecoverySpecification").value();
  const auto days = specification.find("RecoveryPeriodInDays");
  const bool enabled = boolean_parameter(specification, "PointInTimeRecoveryEnabled", false);
  if (!enabled && days) {
    return invalid_request(
        "Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.");
  }
  PAGETURNER_ASSIGN_OR_RETURN(
      const TablePointer table,
      find_source_table(database, text_parameter(request.body, "TableName")));
  TableDescription description = table->description;
  auto& recovery = description.point_in_time_recovery;
  if (!enabled) {
    recovery.reset();
  } else if (!recovery) {
    recovery = PointInTimeRecovery{.enabled_milliseconds = now_milliseconds()};
  }
  if (days) recovery->period_days = days->as_integer();
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer changed,
                              database.change_table(table, std::move(description)));
  append_continuous_backups(out, changed->description);
  return {};
}

}  // namespace pageturner
