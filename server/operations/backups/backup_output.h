// Backups in requests and responses.
#pragma once

#include <string>
#include <string_view>

#include "protocol/arn.h"
#include "protocol/object_writer.h"
#include "storage/database.h"

namespace pageturner {

// Returns "USER" or "SYSTEM".
std::string_view backup_type(const Backup& backup);

// Returns "arn:aws:dynamodb:<region>:000000000000:table/<name>/backup/<id>".
std::string backup_arn(const Backup& backup, std::string_view region);

// Parses the ARN of a backup. The result contains views into `arn`. Errors: ValidationException
// "Invalid Backup ARN".
Result<RecordArn> parse_backup_arn(std::string_view arn);

// Returns the backup that the parameter BackupArn names. Errors: ValidationException;
// BackupNotFoundException.
Result<BackupPointer> find_backup(Database& database, JsonValue body);

// Returns the table to back up or to restore from. A table with the status CREATING counts as
// absent. Errors: TableNotFoundException "Table not found: …", which only operations on backups
// have.
Result<TablePointer> find_source_table(Database& database, std::string_view name_or_arn);

// Checks that the table TargetTableName does not exist. Errors: TableAlreadyExistsException.
Result<void> check_target_free(Database& database, JsonValue body);

// Appends BackupDetails with the status `status`.
void append_backup_details(std::string& out, const Backup& backup, std::string_view region,
                           std::string_view status);

// Appends BackupDescription: the details, and the table and its features at the time of the backup.
void append_backup_description(std::string& out, const Backup& backup, std::string_view region,
                               std::string_view status);

// Appends an element of ListBackups.
void append_backup_summary(std::string& out, const Backup& backup, std::string_view region);

}  // namespace pageturner
