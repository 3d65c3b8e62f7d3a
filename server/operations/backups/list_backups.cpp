// ListBackups: returns a page of backups in the order of their age. api: ListBackups.
#include "protocol/arn.h"
#include "protocol/limits.h"
#include "server/operations/backups/backup_output.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace pageturner {
namespace {

// The backups that a request selects. Its views refer to the document of the request.
struct BackupFilter {
  std::string_view table_name;  // empty: all tables
  std::optional<std::int64_t> lower_milliseconds;
  std::optional<std::int64_t> upper_milliseconds;
  std::string_view after_id;
  std::string_view type;  // or ALL

  bool matches(const Backup& backup) const {
    return (type == "ALL" || type == backup_type(backup)) &&
           (table_name.empty() || backup.table->name == table_name) && backup.id > after_id &&
           (!lower_milliseconds || backup.created_milliseconds >= *lower_milliseconds) &&
           (!upper_milliseconds || backup.created_milliseconds < *upper_milliseconds);
  }
};

std::optional<std::int64_t> time_parameter(JsonValue body, std::string_view name) {
  const auto time = body.find(name);
  return time ? std::optional(time->as_milliseconds()) : std::nullopt;
}

Result<BackupFilter> parse_backup_filter(JsonValue body) {
  BackupFilter filter{.table_name = table_name_of(text_parameter(body, "TableName")),
                      .lower_milliseconds = time_parameter(body, "TimeRangeLowerBound"),
                      .upper_milliseconds = time_parameter(body, "TimeRangeUpperBound"),
                      .after_id = {},
                      .type = text_parameter(body, "BackupType")};
  if (filter.type.empty()) filter.type = "USER";
  if (filter.lower_milliseconds && filter.upper_milliseconds &&
      *filter.lower_milliseconds > *filter.upper_milliseconds) {
    return invalid_parameter("Time range lower bound must be less than or equal to upper bound");
  }
  if (const auto start = body.find("ExclusiveStartBackupArn")) {
    PAGETURNER_ASSIGN_OR_RETURN(const RecordArn arn, parse_backup_arn(start->as_string()));
    filter.after_id = arn.id;
  }
  return filter;
}

}  // namespace

Result<void> list_backups(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const BackupFilter filter, parse_backup_filter(request.body));
  const auto limit = request.body.find("Limit");
  const std::size_t count =
      limit ? static_cast<std::size_t>(limit->as_integer()) : limits::list_backups_page_max;
  std::vector<BackupPointer> backups = database.backups().all();
  std::erase_if(backups, [&](const BackupPointer& backup) { return !filter.matches(*backup); });
  const bool more = backups.size() > count;
  if (more) backups.resize(count);
  ObjectWriter object(out);
  append_list(object.member("BackupSummaries"), backups,
              [&](std::string& list, const BackupPointer& backup) {
                append_backup_summary(list, *backup, request.region);
              });
  if (more) object.text("LastEvaluatedBackupArn", backup_arn(*backups.back(), request.region));
  return {};
}

}  // namespace pageturner
