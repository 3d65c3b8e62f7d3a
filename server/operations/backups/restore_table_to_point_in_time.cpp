// RestoreTableToPointInTime: creates a table with the latest known state that is not later than the
// requested time: a backup, or the present table. api: RestoreTableToPointInTime.
#include "protocol/text.h"
#include "protocol/time_text.h"
#include "server/operations/backups/backup_output.h"
#include "server/operations/backups/continuous_backups.h"
#include "server/operations/backups/restore_input.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/tables/table_output.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

Result<TablePointer> find_source(Database& database, JsonValue body) {
  const auto name = body.find("SourceTableName");
  const auto arn = body.find("SourceTableArn");
  if (name && arn) {
    return validation_error("Must provide exactly one of: sourceTableArn, sourceTableName");
  }
  if (!name && !arn) {
    return validation_error(
        "The parameter 'TableName' is required but was not present in the request");
  }
  if (arn && !arn->as_string().starts_with("arn:")) {
    return invalid_parameter(concat("ARNs must start with 'arn:': ", arn->as_string()));
  }
  return find_source_table(database, name ? name->as_string() : arn->as_string());
}

// Returns the time to restore to. `now` is the current time.
Result<std::int64_t> parse_time(const PointInTimeRecovery& recovery, const std::string& table_name,
                                JsonValue body, std::int64_t now) {
  const auto time = body.find("RestoreDateTime");
  const RestorableTimes times = restorable_times(recovery, now);
  if (!time) return times.latest_milliseconds;
  const std::int64_t requested = time->as_milliseconds();
  if (requested >= times.earliest_milliseconds && requested <= now) return requested;
  return Error{ErrorType::invalid_restore_time,
               concat("RestoreDateTime '", time_text(requested),
                      "' must be within EarliestRestorableDateTime '",
                      time_text(times.earliest_milliseconds), "' and LatestRestorableDateTime '",
                      time_text(times.latest_milliseconds), "' for table '", table_name, "'")};
}

Result<void> check_one_time(JsonValue body) {
  const bool latest = boolean_parameter(body, "UseLatestRestorableTime", false);
  const bool time = body.find("RestoreDateTime").has_value();
  if (latest && time) {
    return invalid_request(
        "Both RestoreDateTime and UseLatestRestorableTime cannot be set for "
        "point-in-time restore request. Please specify either RestoreDateTime time or "
        "UseLatestRestorableTime");
  }
  if (latest || time) return {};
  return invalid_request(
      "Either one of RestoreDateTime or UseLatestRestorableTime must be "
      "specified, but not both");
}

}  // namespace

Result<void> restore_table_to_point_in_time(Database& database, const Request& request,
                                            std::string& out) {
  const JsonValue body = request.body;
  PAGETURNER_RETURN_IF_ERROR(check_one_time(body));
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer source, find_source(database, body));
  const TableDescription& description = source->description;
  PAGETURNER_ASSIGN_OR_RETURN(const PointInTimeRecovery recovery, recovery_of(description));
  PAGETURNER_ASSIGN_OR_RETURN(const std::int64_t time,
                              parse_time(recovery, description.name, body, now_milliseconds()));
  PAGETURNER_RETURN_IF_ERROR(check_target_free(database, body));
  const BackupPointer backup =
      body.find("RestoreDateTime") ? last_backup(database, description, time) : nullptr;
  PAGETURNER_ASSIGN_OR_RETURN(
      TableDescription restored,
      restored_table(backup == nullptr ? description : *backup->table, body));
  restored.restored_from = {"", description.name, time};
  restored.transition = {
      Status::creating, restored.created_milliseconds + database.options().transition_milliseconds};
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table,
                              backup == nullptr
                                  ? database.copy_table(source, std::move(restored))
                                  : database.restore_backup(*backup, std::move(restored)));
  append_table_description(ObjectWriter(out).member("TableDescription"), *table, request.region,
                           DescriptionUse::restore);
  return {};
}

}  // namespace pageturner
