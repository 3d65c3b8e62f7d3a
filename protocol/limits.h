// The limits of the service, each with the page it comes from. (Lengths and ranges of single
// parameters are in model/*_shapes.cpp.) The pages are those of the Amazon DynamoDB Developer Guide
// ("guide") and API Reference ("api").
#pragma once

#include <cstddef>
#include <cstdint>

namespace pageturner::limits {

// guide: "Query operations", "Paginating table query results": a page is 1 MB or less.
inline constexpr std::size_t page_size_bytes_max = 1'048'576;

// guide: "Quotas", Items: the largest item is 400 KB, names and values together.
inline constexpr std::size_t item_size_bytes_max = 409'600;

// guide: "Quotas", Partition keys and sort keys.
inline constexpr std::size_t partition_key_size_bytes_max = 2048;
inline constexpr std::size_t sort_key_size_bytes_max = 1024;

// guide: "Quotas", Attributes: names of up to 64 KB.
inline constexpr std::size_t attribute_name_size_bytes_max = 65'535;

// guide: "Quotas", Attributes: lists and maps may be nested 32 levels deep. The item is the first
// level: the service accepts 31 levels below the item and rejects 32.
inline constexpr int nesting_levels_below_item_max = 31;
// Of the values of expressions in TransactWriteItems: 32 levels are evaluated, but cannot be
// written. Source: recorded answers of 2026.
inline constexpr int nesting_levels_in_transaction_max = 32;

// guide: "Supported data types", Number.
inline constexpr int number_digits_max = 38;
inline constexpr int number_exponent_max = 125;   // 9.99…E+125
inline constexpr int number_exponent_min = -130;  // 1E-130

// guide: "Quotas", Expression parameters.
inline constexpr std::size_t expression_size_bytes_max = 4096;
inline constexpr std::size_t expression_operators_max = 300;
inline constexpr std::size_t in_operands_max = 100;
inline constexpr std::size_t placeholder_size_bytes_max = 255;
inline constexpr std::size_t placeholders_size_bytes_max = 2'097'152;  // names and values together
// Not documented: bounds the recursion of the parser. An expression that nests deeper has more
// operators and functions than the service accepts, and gets the error for too many operators.
inline constexpr int expression_depth_max = 300;

// Not documented: how deep parentheses, NOT and functions may nest in a PartiQL statement. Bounds
// the recursion of that parser, as above.
inline constexpr std::size_t partiql_depth_max = 100;

// Recorded answers: the number of reads that IN and OR on the key of one PartiQL SELECT may amount
// to.
inline constexpr std::size_t partiql_reads_max = 50;
// guide: "PartiQL arithmetic, comparison, and logical operators", IN: "Results are returned in
// pages of up to 10 items".
inline constexpr std::size_t partiql_reads_per_page_max = 10;

// guide: "Quotas", Secondary indexes. 100 is the sum of NonKeyAttributes over all indexes.
inline constexpr std::size_t local_indexes_max = 5;
inline constexpr std::size_t global_indexes_max = 20;
inline constexpr std::size_t projected_attributes_max = 100;

// guide: "Multi-attribute keys in global secondary indexes": up to four HASH and four RANGE.
inline constexpr std::size_t index_key_attributes_max = 4;

// guide: "Quotas", Tables: the initial quota of tables in a region.
inline constexpr std::size_t tables_max = 2500;

// api: ListTables, Limit.
inline constexpr std::size_t list_tables_page_max = 100;
inline constexpr std::size_t list_backups_page_max = 100;  // api: ListBackups, Limit

// guide: "Quotas", Tags; "Tagging restrictions in DynamoDB". Lengths in characters.
inline constexpr std::size_t tags_max = 50;

// guide: "Quotas", Resource-based policies: 20 KB, white space included.
inline constexpr std::size_t resource_policy_size_bytes_max = 20'480;
inline constexpr std::size_t tag_key_length_max = 128;
inline constexpr std::size_t tag_value_length_max = 256;

// guide: "Using time to live (TTL) in DynamoDB": items that expired more than five years ago are
// kept.
inline constexpr std::int64_t time_to_live_age_seconds_max = std::int64_t{5} * 365 * 24 * 60 * 60;

// api: BatchWriteItem, BatchGetItem, Scan.
inline constexpr std::size_t batch_write_requests_max = 25;
inline constexpr std::size_t batch_get_keys_max = 100;
inline constexpr std::size_t batch_size_bytes_max = 16 * 1024 * 1024;

// api: TransactWriteItems, TransactGetItems.
inline constexpr std::size_t transaction_actions_max = 100;
inline constexpr std::size_t transaction_size_bytes_max = 4 * 1024 * 1024;

// api: ListStreams, DescribeStream, GetRecords: Limit. guide: "Change data capture for DynamoDB
// Streams": records older than 24 hours are trimmed; api, GetRecords: at most 1 MB of data, and an
// iterator expires 15 minutes after it was returned.
inline constexpr std::size_t list_streams_page_max = 100;
inline constexpr std::size_t describe_stream_page_max = 100;
inline constexpr std::size_t stream_records_max = 1000;
inline constexpr std::size_t stream_records_size_bytes_max = 1'048'576;
inline constexpr std::int64_t stream_retention_milliseconds = 24 * 60 * 60 * 1000;
inline constexpr std::int64_t shard_iterator_life_milliseconds = 15 * 60 * 1000;
// Not of the service: the highest number of shards that a stream can be configured to have.
inline constexpr std::uint32_t stream_shards_max = 1000;

// api: ListExports: MaxResults; ListImports: PageSize. Recorded: a page has 10 if the request does
// not give a size. api, ExportTableToPointInTime: a client token is valid for 8 hours.
inline constexpr std::int64_t transfers_page_max = 25;
inline constexpr std::int64_t transfers_page = 10;
inline constexpr std::int64_t transfer_token_life_milliseconds = 8 * 60 * 60 * 1000;

// api: BatchExecuteStatement; ExecuteTransaction has the limit of transactions.
inline constexpr std::size_t batch_statements_max = 25;

// guide: "Quotas", Provisioned throughput defaults (DescribeLimits).
inline constexpr std::int64_t account_capacity_units_max = 80'000;
inline constexpr std::int64_t table_capacity_units_max = 40'000;
// api: ProvisionedThroughput of a table: the highest value that CreateTable accepts.
inline constexpr std::int64_t throughput_units_max = 1'000'000'000'000;

// guide: "Read and write consumption": a read unit is 4 KB, a write unit 1 KB.
inline constexpr std::size_t read_unit_bytes = 4096;
inline constexpr std::size_t write_unit_bytes = 1024;

// Not of the service: what a message prints of a value or a list of a request. The service's own
// bound is not on record.
inline constexpr std::size_t echo_size_bytes_max = 1'048'576;

// How deep the JSON of a request may nest. Items use two levels of JSON for each of theirs; deeper
// JSON cannot be an item. Bounds every recursion over JSON.
inline constexpr std::size_t json_depth_max = 256;

// The depth of JSON up to which the current validator of PutItem, UpdateItem and DeleteItem reads a
// request; a deeper one gets the words of the legacy validator. Recorded: items of 61 levels (JSON
// of depth 125) get the current words, items of 63 levels (129) the legacy ones.
inline constexpr std::size_t current_validator_json_depth_max = 128;

}  // namespace pageturner::limits
