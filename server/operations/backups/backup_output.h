// Backups as requests name them and answers show them.
#pragma once

#include <string>
#include <string_view>

#include "protocol/arn.h"
#include "protocol/object_writer.h"
#include "storage/database.h"

namespace pageturner {

// "USER" or "SYSTEM".
std::string_view backup_type(const Backup& backup);

// "arn:aws:dynamodb:<region>:000000000000:table/<name>/backup/<id>"
std::string backup_arn(const Backup& backup, std::string_view region);

// What a backup's ARN names. Errors: ValidationException "Invalid Backup ARN".
Result<RecordArn> parse_backup_arn(std::string_view arn);

// The backup that the parameter BackupArn names. Errors: ValidationException;
// BackupNotFoundException.
Result<BackupPointer> find_backup(Database& database, JsonValue body);

// The table that is to be backed up or restored. Errors: TableNotFoundException "Table not found:
// …", as operations on backups have it. A table that is shown as CREATING is not there yet.
Result<TablePointer> find_source_table(Database& database, std::string_view name_or_arn);

// Refuses a restore where the table TargetTableName exists. Errors: TableAlreadyExistsException.
Result<void> check_target_free(Database& database, JsonValue body);

// Appends BackupDetails with `status`.
void append_backup_details(std::string& out, const Backup& backup, std::string_view region,
                           std::string_view status);

// Appends BackupDescription: the details, the table and its features as they were.
void append_backup_description(std::string& out, const Backup& backup, std::string_view region,
                               std::string_view status);

// Appends an element of ListBackups.
void append_backup_summary(std::string& out, const Backup& backup, std::string_view region);

}  // namespace pageturner
