#include "server/operations/backups/backup_output.h"

#include <algorithm>

#include "protocol/arn.h"
#include "protocol/text.h"
#include "server/operations/key_schema_output.h"
#include "server/operations/parameters.h"
#include "server/operations/tables/table_output.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

// Writes the members that details and summaries share.
void write_details(ObjectWriter& object, const Backup& backup, std::string_view region,
                   std::string_view status) {
  object.text("BackupArn", backup_arn(backup, region));
  object.time("BackupCreationDateTime", backup.created_milliseconds);
  if (backup.expires_milliseconds) {
    object.time("BackupExpiryDateTime", *backup.expires_milliseconds);
  }
  object.text("BackupName", backup.name);
  object.number("BackupSizeBytes", backup.size_bytes);
  object.text("BackupStatus", status);
  object.text("BackupType", backup_type(backup));
}

void write_units(ObjectWriter& owner, const ProvisionedThroughput& throughput) {
  ObjectWriter object(owner.member("ProvisionedThroughput"));
  object.number("ReadCapacityUnits", throughput.read_capacity_units);
  object.number("WriteCapacityUnits", throughput.write_capacity_units);
}

void append_source_table(std::string& out, const Backup& backup, std::string_view region) {
  const TableDescription& table = *backup.table;
  ObjectWriter object(out);
  object.text("BillingMode", table.billing_mode == BillingMode::pay_per_request ? "PAY_PER_REQUEST"
                                                                                : "PROVISIONED");
  object.number("ItemCount", backup.item_count);
  append_key_schema(object.member("KeySchema"), table.key_schema);
  write_on_demand(object, table.on_demand_throughput);
  write_units(object, table.throughput);
  object.text("TableArn", table_arn(table.name, region));
  object.time("TableCreationDateTime", table.created_milliseconds);
  object.text("TableId", table.id);
  object.text("TableName", table.name);
  object.number("TableSizeBytes", backup.size_bytes);
}

void write_index_features(ObjectWriter& owner, const TableDescription& table, bool global) {
  std::vector<const IndexDescription*> indexes;
  for (const IndexDescription& index : table.indexes) {
    if (index.is_global == global) indexes.push_back(&index);
  }
  if (indexes.empty()) return;
  append_list(owner.member(index_list_name(global)), indexes,
              [&](std::string& list, const IndexDescription* index) {
                ObjectWriter object(list);
                object.text("IndexName", index->name);
                append_key_schema(object.member("KeySchema"), index->key_schema);
                append_projection(object.member("Projection"), index->projection);
                if (!global) return;
                write_on_demand(object, index->on_demand_throughput);
                write_units(object, index->throughput);
              });
}

// Features that the table did not have are omitted.
void append_features(std::string& out, const TableDescription& table, std::string_view region) {
  ObjectWriter object(out);
  write_index_features(object, table, true);
  write_index_features(object, table, false);
  if (table.sse_enabled) write_encryption(object, table, region);
  if (!table.stream_view_type.empty()) {
    ObjectWriter stream(object.member("StreamDescription"));
    stream.boolean("StreamEnabled", true);
    stream.text("StreamViewType", table.stream_view_type);
  }
  if (!table.time_to_live_attribute.empty()) {
    ObjectWriter time_to_live(object.member("TimeToLiveDescription"));
    time_to_live.text("AttributeName", table.time_to_live_attribute);
    time_to_live.text("TimeToLiveStatus", "ENABLED");
  }
}

}  // namespace

std::string_view backup_type(const Backup& backup) {
  return backup.is_of_system() ? "SYSTEM" : "USER";
}

std::string backup_arn(const Backup& backup, std::string_view region) {
  return concat(table_arn(backup.table->name, region), "/backup/", backup.id);
}

Result<RecordArn> parse_backup_arn(std::string_view arn) {
  if (const auto parsed = parse_record_arn(arn, "backup")) return *parsed;
  return validation_error("Invalid Backup ARN");
}

Result<BackupPointer> find_backup(Database& database, JsonValue body) {
  const std::string_view text = text_parameter(body, "BackupArn");
  PAGETURNER_ASSIGN_OR_RETURN(const RecordArn arn, parse_backup_arn(text));
  BackupPointer backup = database.backups().find(arn.id);
  if (backup == nullptr || backup->table->name != arn.table_name) {
    return Error{ErrorType::backup_not_found, concat("Backup not found: ", text)};
  }
  return backup;
}

Result<TablePointer> find_source_table(Database& database, std::string_view name_or_arn) {
  const std::string_view name = table_name_of(name_or_arn);
  TablePointer table = database.catalog().find(name);
  if (table == nullptr ||
      table->description.transition.at(now_milliseconds()) == Status::creating) {
    return Error{ErrorType::table_not_found, concat("Table not found: ", name)};
  }
  return table;
}

Result<void> check_target_free(Database& database, JsonValue body) {
  const std::string_view name = text_parameter(body, "TargetTableName");
  if (database.catalog().find(name) == nullptr) return {};
  return Error{ErrorType::table_already_exists, concat("Table already exists: ", name)};
}

void append_backup_details(std::string& out, const Backup& backup, std::string_view region,
                           std::string_view status) {
  ObjectWriter object(out);
  write_details(object, backup, region, status);
}

void append_backup_description(std::string& out, const Backup& backup, std::string_view region,
                               std::string_view status) {
  ObjectWriter object(out);
  append_backup_details(object.member("BackupDetails"), backup, region, status);
  append_source_table(object.member("SourceTableDetails"), backup, region);
  append_features(object.member("SourceTableFeatureDetails"), *backup.table, region);
}

void append_backup_summary(std::string& out, const Backup& backup, std::string_view region) {
  ObjectWriter object(out);
  write_details(object, backup, region, "AVAILABLE");
  object.text("TableArn", table_arn(backup.table->name, region));
  object.text("TableId", backup.table->id);
  object.text("TableName", backup.table->name);
}

}  // namespace pageturner
