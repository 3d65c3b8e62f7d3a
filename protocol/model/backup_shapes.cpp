// The inputs of the operations on backups and point-in-time recovery.
#include "protocol/model/shape_parts.h"
#include "protocol/model/shapes.h"

namespace pageturner::shapes {
namespace {

const Shape recovery_period{.kind = Kind::integer, .min = 1, .max = 35};
const Shape point_in_time_recovery = structure("PointInTimeRecoverySpecification",
                                               {{"PointInTimeRecoveryEnabled", &boolean, required},
                                                {"RecoveryPeriodInDays", &recovery_period}});
const Shape backup_name = name_of_length(3);
const Shape backup_type = enumeration({"USER", "SYSTEM", "AWS_BACKUP", "ALL"});

}  // namespace

const Shape create_backup_input =
    structure("CreateBackupInput",
              {{"BackupName", &backup_name, required}, {"TableName", &table_name, required}});

// The operations check the form of a BackupArn; their messages differ from those of constraints.
const Shape backup_input = structure("DescribeBackupInput", {{"BackupArn", &text, required}});

const Shape list_backups_input = structure("ListBackupsInput", {{"TableName", &table_name},
                                                                {"Limit", &list_tables_limit},
                                                                {"TimeRangeLowerBound", &seconds},
                                                                {"TimeRangeUpperBound", &seconds},
                                                                {"ExclusiveStartBackupArn", &text},
                                                                {"BackupType", &backup_type}});

const Shape restore_table_from_backup_input = structure(
    "RestoreTableFromBackupInput", {{"TargetTableName", &table_name_no_arn, required},
                                    {"BackupArn", &text, required},
                                    {"BillingModeOverride", &billing_mode},
                                    {"GlobalSecondaryIndexOverride", &global_indexes},
                                    {"LocalSecondaryIndexOverride", &local_indexes},
                                    {"ProvisionedThroughputOverride", &provisioned_throughput},
                                    {"OnDemandThroughputOverride", &on_demand_throughput},
                                    {"SSESpecificationOverride", &sse_specification},
                                    {"VectorIndexOverride", &unsupported}});

const Shape restore_table_to_point_in_time_input = structure(
    "RestoreTableToPointInTimeInput", {{"SourceTableArn", &text},
                                       {"SourceTableName", &table_name},
                                       {"TargetTableName", &table_name_no_arn, required},
                                       {"UseLatestRestorableTime", &boolean},
                                       {"RestoreDateTime", &seconds},
                                       {"BillingModeOverride", &billing_mode},
                                       {"GlobalSecondaryIndexOverride", &global_indexes},
                                       {"LocalSecondaryIndexOverride", &local_indexes},
                                       {"ProvisionedThroughputOverride", &provisioned_throughput},
                                       {"OnDemandThroughputOverride", &on_demand_throughput},
                                       {"SSESpecificationOverride", &sse_specification},
                                       {"VectorIndexOverride", &unsupported}});

const Shape update_continuous_backups_input =
    structure("UpdateContinuousBackupsInput",
              {{"PointInTimeRecoverySpecification", &point_in_time_recovery, required},
               {"TableName", &table_name, required}});

}  // namespace pageturner::shapes
