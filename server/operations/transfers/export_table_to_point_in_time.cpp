// ExportTableToPointInTime: writes the files before it responds. Full exports in DynamoDB JSON
// only. api: ExportTableToPointInTime.
#include "protocol/arn.h"
#include "protocol/model/shapes.h"
#include "protocol/text.h"
#include "server/operations/backups/continuous_backups.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/transfers/export_files.h"
#include "server/operations/transfers/transfer.h"
#include "server/operations/transfers/transfer_registry.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

// Returns the table name in TableArn.
Result<std::string_view> parse_table_arn(JsonValue body) {
  const std::string_view arn = text_parameter(body, "TableArn");
  if (arn.empty()) return validation_error("Invalid TableArn: Invalid Table ARN");
  const std::string_view name = table_name_of(arn);
  if (name == arn) return invalid_parameter("tableArn is not a valid ARN");
  if (name.find('/') != name.npos) return invalid_request("Table ARN is invalid.");
  return name;
}

Result<void> check_options(JsonValue body) {
  if (body.find("S3SseKmsKeyId") && text_parameter(body, "S3SseAlgorithm") != "KMS") {
    return invalid_request("KMS Key Id is not supported for this encryption type");
  }
  const std::string_view type = text_parameter(body, "ExportType");
  const auto window = body.find("IncrementalExportSpecification");
  if (window && type.empty()) {
    return invalid_request(
        "Export Type expected to be Incremental Export when incremental export specification is "
        "provided");
  }
  if (window && type == "FULL_EXPORT") {
    return invalid_request(
        "When Export Type is Full Export , Incremental Export Specification should not be "
        "provided");
  }
  if (!window && type == "INCREMENTAL_EXPORT") {
    return invalid_request(
        "Incremental Export Specification expected when export type is set as Incremental Export");
  }
  if (window && !window->find("ExportFromTime")) {
    return invalid_request("ExportFromTime must be provided in IncrementalExportSpecification");
  }
  if (window || text_parameter(body, "ExportFormat") == "ION") {
    return Error{ErrorType::unknown_operation, ""};
  }
  return {};
}

// Returns the time of the state to export. `now` is the current time.
Result<std::int64_t> parse_time(const PointInTimeRecovery& recovery, JsonValue body,
                                std::int64_t now) {
  const auto time = body.find("ExportTime");
  if (!time) return now;
  const std::int64_t requested = time->as_milliseconds();
  const RestorableTimes times = restorable_times(recovery, now);
  if (requested > now || requested < times.earliest_milliseconds) {
    return Error{ErrorType::invalid_export_time, "Export Time is invalid"};
  }
  if (requested > times.latest_milliseconds) {
    return Error{ErrorType::invalid_export_time,
                 "Point in Time Recovery is not available for specified export time"};
  }
  return requested;
}

// The description of the requested export, which starts at `now`.
Export described_export(const TableDescription& table, JsonValue body, std::int64_t now) {
  Export requested;
  begin_transfer(requested, table, body, now);
  requested.location = {std::string(text_parameter(body, "S3Bucket")),
                        std::string(text_parameter(body, "S3Prefix")),
                        std::string(text_parameter(body, "S3BucketOwner"))};
  const std::string known = known_members(body, shapes::export_table_input);
  JsonDocument::parse(known).value().root().write_canonical(requested.request);
  const std::string_view type = text_parameter(body, "ExportType");
  requested.type = type.empty() ? "FULL_EXPORT" : type;
  const std::string_view algorithm = text_parameter(body, "S3SseAlgorithm");
  requested.sse_algorithm = algorithm.empty() ? "AES256" : algorithm;
  requested.sse_kms_key_id = text_parameter(body, "S3SseKmsKeyId");
  return requested;
}

// Writes the items of `backup`, or those of the table if `backup` is nullptr. A failure of S3
// becomes the failure of the export.
Result<void> write_files(Database& database, const Request& request, const TablePointer& table,
                         const BackupPointer& backup, Export& record) {
  const S3Folder folder(request.transfers.s3_root());
  ExportFiles files(folder, record);
  S3Result<void> written = folder.check_bucket(record.location.bucket);
  if (written) {
    const auto add = [&](std::string_view stored) { files.add(ItemView(stored).json()); };
    PAGETURNER_RETURN_IF_ERROR(backup == nullptr ? database.visit_items(table, add)
                                                 : database.visit_items(*backup, add));
    record.item_count = files.item_count();
    record.ended_milliseconds = now_milliseconds();
    record.manifest_key = files.summary_key();
    written = files.finish(table_arn(record.table_name, request.region),
                           transfer_arn(record, request.region));
  }
  record.ended_milliseconds = now_milliseconds();
  if (!written) record.failure = written.error();
  return {};
}

}  // namespace

Result<void> export_table_to_point_in_time(Database& database, const Request& request,
                                           std::string& out) {
  const JsonValue body = request.body;
  PAGETURNER_ASSIGN_OR_RETURN(const std::string_view name, parse_table_arn(body));
  PAGETURNER_RETURN_IF_ERROR(check_options(body));
  const auto found = database.find_table(name);
  if (!found) {
    return Error{ErrorType::table_not_found,
                 concat("Table not found: ", text_parameter(body, "TableArn"))};
  }
  const TablePointer& table = *found;
  const std::lock_guard guard(request.transfers.mutex());
  const std::int64_t now = now_milliseconds();
  Export requested = described_export(table->description, body, now);
  if (const ExportPointer known = find_by_token(request.transfers.exports(), body)) {
    if (known->request == requested.request) {
      append_export(ObjectWriter(out).member("ExportDescription"), database, *known,
                    request.region);
      return {};
    }
    return Error{ErrorType::export_conflict,
                 "Export conflict: Duplicate request detected with conflicting parameters"};
  }
  PAGETURNER_ASSIGN_OR_RETURN(const PointInTimeRecovery recovery, recovery_of(table->description));
  PAGETURNER_ASSIGN_OR_RETURN(requested.time_milliseconds, parse_time(recovery, body, now));
  const BackupPointer backup = body.find("ExportTime") ? last_backup(database, table->description,
                                                                     requested.time_milliseconds)
                                                       : nullptr;
  requested.billed_size_bytes =
      backup == nullptr ? table->counters->size_bytes.load() : backup->size_bytes;
  PAGETURNER_RETURN_IF_ERROR(charge_transfer(database, requested));
  requested.id = request.transfers.exports().make_id(now);
  PAGETURNER_RETURN_IF_ERROR(write_files(database, request, table, backup, requested));
  const auto record = std::make_shared<const Export>(std::move(requested));
  add_transfer(request.transfers.exports(), record);
  append_export(ObjectWriter(out).member("ExportDescription"), database, *record, request.region,
                "IN_PROGRESS");
  return {};
}

}  // namespace pageturner
