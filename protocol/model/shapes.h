// The input shape of each operation. item_shapes.cpp has those of the modules items, pages,
// transactions and partiql, table_shapes.cpp, stream_shapes.cpp, backup_shapes.cpp,
// settings_shapes.cpp and transfer_shapes.cpp those of the module of their name; shape_parts.h has
// what they share.
//
// Source: the published service model (API version 2012-08-10); where the service is known to check
// something else than its model says, the service. docs/architecture.md says how they are
// maintained.
#pragma once

#include "protocol/model/shape.h"

namespace pageturner::shapes {

// The lengths of the keys of a table and its local indexes, which CreateTable checks after the rest
// of its input and the billing mode.
extern const Shape create_table_key_lengths;

extern const Shape backup_input;
extern const Shape batch_execute_statement_input;
extern const Shape batch_get_item_input;
extern const Shape batch_write_item_input;
extern const Shape contributor_insights_input;
extern const Shape create_backup_input;
extern const Shape create_global_table_input;
extern const Shape create_table_input;
extern const Shape delete_item_input;
extern const Shape delete_resource_policy_input;
extern const Shape delete_table_input;
extern const Shape describe_endpoints_input;
extern const Shape describe_export_input;
extern const Shape describe_import_input;
extern const Shape describe_limits_input;
extern const Shape describe_stream_input;
extern const Shape describe_table_input;
extern const Shape describe_time_to_live_input;
extern const Shape execute_statement_input;
extern const Shape execute_transaction_input;
extern const Shape export_table_input;
extern const Shape get_item_input;
extern const Shape get_records_input;
extern const Shape get_shard_iterator_input;
extern const Shape global_table_input;
extern const Shape import_table_input;
extern const Shape kinesis_destination_input;
extern const Shape list_backups_input;
extern const Shape list_contributor_insights_input;
extern const Shape list_exports_input;
extern const Shape list_global_tables_input;
extern const Shape list_imports_input;
extern const Shape list_streams_input;
extern const Shape list_tables_input;
extern const Shape list_tags_of_resource_input;
extern const Shape put_item_input;
extern const Shape put_resource_policy_input;
extern const Shape query_input;
extern const Shape resource_arn_input;
extern const Shape restore_table_from_backup_input;
extern const Shape restore_table_to_point_in_time_input;
extern const Shape scan_input;
extern const Shape tag_resource_input;
extern const Shape transact_get_items_input;
extern const Shape transact_write_items_input;
extern const Shape untag_resource_input;
extern const Shape update_continuous_backups_input;
extern const Shape update_contributor_insights_input;
extern const Shape update_global_table_input;
extern const Shape update_item_input;
extern const Shape update_kinesis_destination_input;
extern const Shape update_table_input;
extern const Shape update_time_to_live_input;

// A line of an imported file, and the parameters of the table that an import creates.
extern const Shape imported_line;
extern const Shape table_creation;

}  // namespace pageturner::shapes
