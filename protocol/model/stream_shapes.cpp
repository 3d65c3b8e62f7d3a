// The inputs of the operations of DynamoDB Streams.
#include "protocol/limits.h"
#include "protocol/model/shape_parts.h"
#include "protocol/model/shapes.h"

namespace pageturner::shapes {
namespace {

const Shape stream_arn = text_of_length(37, 1024);
const Shape shard_id = text_of_length(28, 65);
const Shape sequence_number = text_of_length(21, 40);
const Shape shard_iterator = text_of_length(1, 2048);
// In the order of Kinesis, whose interface Streams took over.
const Shape shard_iterator_type =
    enumeration({"AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"});
const Shape shard_filter_type = enumeration({"CHILD_SHARDS"});
const Shape shard_filter =
    structure("ShardFilter", {{"Type", &shard_filter_type}, {"ShardId", &shard_id}});
const Shape list_streams_limit{
    .kind = Kind::integer, .min = 1, .max = limits::list_streams_page_max};
const Shape describe_stream_limit{
    .kind = Kind::integer, .min = 1, .max = limits::describe_stream_page_max};
const Shape records_limit{.kind = Kind::integer, .min = 1, .max = limits::stream_records_max};

}  // namespace

const Shape describe_stream_input =
    structure("DescribeStreamInput", {{"StreamArn", &stream_arn, required},
                                      {"Limit", &describe_stream_limit},
                                      {"ExclusiveStartShardId", &shard_id},
                                      {"ShardFilter", &shard_filter}});

const Shape get_records_input = structure(
    "GetRecordsInput", {{"ShardIterator", &shard_iterator, required}, {"Limit", &records_limit}});

const Shape get_shard_iterator_input =
    structure("GetShardIteratorInput", {{"StreamArn", &stream_arn, required},
                                        {"ShardId", &shard_id, required},
                                        {"ShardIteratorType", &shard_iterator_type, required},
                                        {"SequenceNumber", &sequence_number}});

const Shape list_streams_input =
    structure("ListStreamsInput", {{"TableName", &table_name_no_arn},
                                   {"Limit", &list_streams_limit},
                                   {"ExclusiveStartStreamArn", &stream_arn}});

}  // namespace pageturner::shapes
