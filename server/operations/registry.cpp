#include <algorithm>
#include <span>

#include "protocol/model/shapes.h"
#include "server/operations/operation.h"

namespace ddb {
namespace {

constexpr OperationRow operations[] = {
    {"BatchExecuteStatement", &shapes::batch_execute_statement_input, batch_execute_statement},
    {"BatchGetItem", &shapes::batch_get_item_input, batch_get_item},
    {"BatchWriteItem", &shapes::batch_write_item_input, batch_write_item},
    {"CreateBackup", &shapes::create_backup_input, create_backup},
    {"CreateTable", &shapes::create_table_input, create_table},
    {"DeleteBackup", &shapes::backup_input, delete_backup},
    {"DeleteItem", &shapes::delete_item_input, delete_item},
    {"DeleteTable", &shapes::delete_table_input, delete_table},
    {"DescribeBackup", &shapes::backup_input, describe_backup},
    {"DescribeContinuousBackups", &shapes::describe_table_input, describe_continuous_backups},
    {"DescribeEndpoints", &shapes::describe_endpoints_input, describe_endpoints},
    {"DescribeLimits", &shapes::describe_limits_input, describe_limits},
    {"DescribeTable", &shapes::describe_table_input, describe_table},
    {"DescribeTimeToLive", &shapes::describe_time_to_live_input, describe_time_to_live},
    {"ExecuteStatement", &shapes::execute_statement_input, execute_statement},
    {"ExecuteTransaction", &shapes::execute_transaction_input, execute_transaction},
    {"GetItem", &shapes::get_item_input, get_item},
    {"ListBackups", &shapes::list_backups_input, list_backups},
    {"ListTables", &shapes::list_tables_input, list_tables},
    {"ListTagsOfResource", &shapes::list_tags_of_resource_input, list_tags_of_resource},
    {"PutItem", &shapes::put_item_input, put_item},
    {"Query", &shapes::query_input, query},
    {"RestoreTableFromBackup", &shapes::restore_table_from_backup_input, restore_table_from_backup},
    {"RestoreTableToPointInTime", &shapes::restore_table_to_point_in_time_input,
     restore_table_to_point_in_time},
    {"Scan", &shapes::scan_input, scan},
    {"TagResource", &shapes::tag_resource_input, tag_resource},
    {"TransactGetItems", &shapes::transact_get_items_input, transact_get_items},
    {"TransactWriteItems", &shapes::transact_write_items_input, transact_write_items},
    {"UntagResource", &shapes::untag_resource_input, untag_resource},
    {"UpdateContinuousBackups", &shapes::update_continuous_backups_input,
     update_continuous_backups},
    {"UpdateItem", &shapes::update_item_input, update_item},
    {"UpdateTable", &shapes::update_table_input, update_table},
    {"UpdateTimeToLive", &shapes::update_time_to_live_input, update_time_to_live},
};

constexpr OperationRow streams_operations[] = {
    {"DescribeStream", &shapes::describe_stream_input, describe_stream},
    {"GetRecords", &shapes::get_records_input, get_records},
    {"GetShardIterator", &shapes::get_shard_iterator_input, get_shard_iterator},
    {"ListStreams", &shapes::list_streams_input, list_streams},
};

const OperationRow* find_row(std::span<const OperationRow> rows, std::string_view name) {
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const OperationRow& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const OperationRow* find_operation(std::string_view name) { return find_row(operations, name); }

const OperationRow* find_streams_operation(std::string_view name) {
  return find_row(streams_operations, name);
}

}  // namespace ddb
