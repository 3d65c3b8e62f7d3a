#include <algorithm>
#include <span>

#include "protocol/model/shapes.h"
#include "server/operations/operation.h"

namespace pageturner {
namespace {

constexpr OperationSpec operation_specs[] = {
    {"BatchExecuteStatement", &shapes::batch_execute_statement_input, batch_execute_statement,
     Validator::legacy, Cost::large},
    {"BatchGetItem", &shapes::batch_get_item_input, batch_get_item, Validator::current,
     Cost::large},
    {"BatchWriteItem", &shapes::batch_write_item_input, batch_write_item, Validator::legacy,
     Cost::item},
    {"CreateBackup", &shapes::create_backup_input, create_backup, Validator::legacy, Cost::lengthy},
    {"CreateGlobalTable", &shapes::create_global_table_input, create_global_table,
     Validator::legacy, Cost::lengthy},
    {"CreateTable", &shapes::create_table_input, create_table, Validator::legacy, Cost::lengthy},
    {"DeleteBackup", &shapes::backup_input, delete_backup, Validator::legacy, Cost::lengthy},
    {"DeleteItem", &shapes::delete_item_input, delete_item, Validator::current_prefixed,
     Cost::item},
    {"DeleteResourcePolicy", &shapes::delete_resource_policy_input, delete_resource_policy,
     Validator::legacy, Cost::lengthy},
    {"DeleteTable", &shapes::delete_table_input, delete_table, Validator::legacy, Cost::lengthy},
    {"DescribeBackup", &shapes::backup_input, describe_backup},
    {"DescribeContinuousBackups", &shapes::describe_table_input, describe_continuous_backups},
    {"DescribeContributorInsights", &shapes::contributor_insights_input,
     describe_contributor_insights},
    {"DescribeEndpoints", &shapes::describe_endpoints_input, describe_endpoints},
    {"DescribeExport", &shapes::describe_export_input, describe_export},
    {"DescribeGlobalTable", &shapes::global_table_input, describe_global_table},
    {"DescribeGlobalTableSettings", &shapes::global_table_input, describe_global_table_settings},
    {"DescribeImport", &shapes::describe_import_input, describe_import},
    {"DescribeKinesisStreamingDestination", &shapes::describe_table_input,
     describe_kinesis_streaming_destination},
    {"DescribeLimits", &shapes::describe_limits_input, describe_limits},
    {"DescribeTable", &shapes::describe_table_input, describe_table},
    {"DescribeTableReplicaAutoScaling", &shapes::describe_table_input,
     describe_table_replica_auto_scaling},
    {"DescribeTimeToLive", &shapes::describe_time_to_live_input, describe_time_to_live},
    {"DisableKinesisStreamingDestination", &shapes::kinesis_destination_input,
     disable_kinesis_streaming_destination, Validator::legacy, Cost::lengthy},
    {"EnableKinesisStreamingDestination", &shapes::kinesis_destination_input,
     enable_kinesis_streaming_destination, Validator::legacy, Cost::lengthy},
    {"ExecuteStatement", &shapes::execute_statement_input, execute_statement, Validator::legacy,
     Cost::large},
    {"ExecuteTransaction", &shapes::execute_transaction_input, execute_transaction,
     Validator::legacy, Cost::large},
    {"ExportTableToPointInTime", &shapes::export_table_input, export_table_to_point_in_time,
     Validator::legacy, Cost::lengthy},
    {"GetItem", &shapes::get_item_input, get_item, Validator::current, Cost::item},
    {"GetResourcePolicy", &shapes::resource_arn_input, get_resource_policy},
    {"ImportTable", &shapes::import_table_input, import_table, Validator::legacy, Cost::lengthy},
    {"ListBackups", &shapes::list_backups_input, list_backups},
    {"ListContributorInsights", &shapes::list_contributor_insights_input,
     list_contributor_insights},
    {"ListExports", &shapes::list_exports_input, list_exports},
    {"ListGlobalTables", &shapes::list_global_tables_input, list_global_tables},
    {"ListImports", &shapes::list_imports_input, list_imports},
    {"ListTables", &shapes::list_tables_input, list_tables},
    {"ListTagsOfResource", &shapes::list_tags_of_resource_input, list_tags_of_resource},
    {"PutItem", &shapes::put_item_input, put_item, Validator::current_prefixed, Cost::item},
    {"PutResourcePolicy", &shapes::put_resource_policy_input, put_resource_policy,
     Validator::legacy, Cost::lengthy},
    {"Query", &shapes::query_input, query, Validator::current, Cost::page},
    {"RestoreTableFromBackup", &shapes::restore_table_from_backup_input, restore_table_from_backup,
     Validator::legacy, Cost::lengthy},
    {"RestoreTableToPointInTime", &shapes::restore_table_to_point_in_time_input,
     restore_table_to_point_in_time, Validator::legacy, Cost::lengthy},
    {"Scan", &shapes::scan_input, scan, Validator::legacy, Cost::page},
    {"TagResource", &shapes::tag_resource_input, tag_resource, Validator::legacy, Cost::lengthy},
    {"TransactGetItems", &shapes::transact_get_items_input, transact_get_items, Validator::legacy,
     Cost::large},
    {"TransactWriteItems", &shapes::transact_write_items_input, transact_write_items,
     Validator::legacy, Cost::large},
    {"UntagResource", &shapes::untag_resource_input, untag_resource, Validator::legacy,
     Cost::lengthy},
    {"UpdateContinuousBackups", &shapes::update_continuous_backups_input, update_continuous_backups,
     Validator::legacy, Cost::lengthy},
    {"UpdateContributorInsights", &shapes::update_contributor_insights_input,
     update_contributor_insights, Validator::legacy, Cost::lengthy},
    {"UpdateGlobalTable", &shapes::update_global_table_input, update_global_table,
     Validator::legacy, Cost::lengthy},
    {"UpdateGlobalTableSettings", &shapes::global_table_input, update_global_table_settings,
     Validator::legacy, Cost::lengthy},
    {"UpdateItem", &shapes::update_item_input, update_item, Validator::current_prefixed,
     Cost::item},
    {"UpdateKinesisStreamingDestination", &shapes::update_kinesis_destination_input,
     update_kinesis_streaming_destination, Validator::legacy, Cost::lengthy},
    {"UpdateTable", &shapes::update_table_input, update_table, Validator::legacy, Cost::lengthy},
    {"UpdateTableReplicaAutoScaling", &shapes::describe_table_input,
     update_table_replica_auto_scaling, Validator::legacy, Cost::lengthy},
    {"UpdateTimeToLive", &shapes::update_time_to_live_input, update_time_to_live, Validator::legacy,
     Cost::lengthy},

    // DynamoDB Streams.
    {"DescribeStream", &shapes::describe_stream_input, describe_stream},
    {"GetRecords", &shapes::get_records_input, get_records},
    {"GetShardIterator", &shapes::get_shard_iterator_input, get_shard_iterator},
    {"ListStreams", &shapes::list_streams_input, list_streams},
};

constexpr std::size_t streams_operation_count = 4;
constexpr std::span<const OperationSpec> operations(operation_specs, std::size(operation_specs) -
                                                                         streams_operation_count);
constexpr auto streams_operations = std::span(operation_specs).last(streams_operation_count);

constexpr bool is_before(const OperationSpec& row, std::string_view name) {
  return row.name < name;
}

constexpr bool is_sorted(std::span<const OperationSpec> service) {
  for (std::size_t i = 1; i < service.size(); ++i) {
    if (!is_before(service[i - 1], service[i].name)) return false;
  }
  return true;
}
static_assert(is_sorted(operations) && is_sorted(streams_operations));

const OperationSpec* find_spec(std::span<const OperationSpec> service, std::string_view name) {
  const auto found = std::lower_bound(service.begin(), service.end(), name, is_before);
  return found == service.end() || found->name != name ? nullptr : &*found;
}

}  // namespace

std::span<const OperationSpec> all_operations() { return operation_specs; }

const OperationSpec* find_operation(std::string_view name) { return find_spec(operations, name); }

const OperationSpec* find_streams_operation(std::string_view name) {
  return find_spec(streams_operations, name);
}

}  // namespace pageturner
