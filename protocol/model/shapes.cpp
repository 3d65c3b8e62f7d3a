#include "protocol/model/shapes.h"

#include <algorithm>

#include "protocol/limits.h"
#include "protocol/text.h"

namespace pageturner::shapes {
namespace {

using Kind = Shape::Kind;

constexpr bool required = true;

const Shape text{.kind = Kind::string};
const Shape long_integer{.kind = Kind::long_integer};
const Shape boolean{.kind = Kind::boolean};
const Shape bytes{.kind = Kind::blob};

Shape enumeration(std::vector<std::string_view> values) {
  return {.kind = Kind::string, .enum_values = std::move(values)};
}

Shape list_of(const Shape& element) { return {.kind = Kind::list, .element = &element}; }

Shape list_of(const Shape& element, std::int64_t min, std::int64_t max) {
  return {.kind = Kind::list, .min = min, .max = max, .element = &element};
}

Shape map_of(const Shape& value) { return {.kind = Kind::map, .element = &value}; }

Shape structure(std::string_view name, std::vector<ShapeMember> members) {
  return {.kind = Kind::structure, .name = name, .members = std::move(members)};
}

// Names. The operations on items take any name of at least one character, as the service does.
Shape name_of_length(std::int64_t min, bool is_table_name) {
  return {.kind = Kind::string,
          .min = min,
          .max = 255,
          .pattern = &name_pattern,
          .is_table_name = is_table_name};
}
const Shape item_table_name = name_of_length(1, true);
const Shape table_name = name_of_length(3, true);
const Shape table_name_no_arn = name_of_length(3, false);
const Shape index_name = name_of_length(3, false);
const Shape attribute_name{.kind = Kind::string, .max = 65535};
const Shape key_attribute_name{.kind = Kind::string, .min = 1, .max = 255};

// Values.
Shape free(Shape shape) {
  shape.is_unconstrained = true;
  return shape;
}
extern const Shape attribute_value;
const Shape text_list = list_of(text);
const Shape bytes_list = list_of(bytes);
const Shape attribute_value_list = free(list_of(attribute_value));
const Shape attribute_map = free(map_of(attribute_value));
const Shape attribute_value = free(structure("AttributeValue", {{"S", &text},
                                                                {"N", &text},
                                                                {"B", &bytes},
                                                                {"SS", &text_list},
                                                                {"NS", &text_list},
                                                                {"BS", &bytes_list},
                                                                {"M", &attribute_map},
                                                                {"L", &attribute_value_list},
                                                                {"NULL", &boolean},
                                                                {"BOOL", &boolean}}));

// What operations on items share.
const Shape attribute_names = {.kind = Kind::list, .min = 1, .element = &attribute_name};
const Shape expression_names = map_of(text);
const Shape return_consumed_capacity = enumeration({"INDEXES", "TOTAL", "NONE"});
const Shape return_item_collection_metrics = enumeration({"SIZE", "NONE"});
const Shape return_values =
    enumeration({"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"});
const Shape return_values_on_failure = enumeration({"ALL_OLD", "NONE"});
const Shape conditional_operator = enumeration({"OR", "AND"});
const Shape comparison_operator =
    enumeration({"IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE",
                 "BEGINS_WITH", "GE", "CONTAINS"});
const Shape condition =
    structure("Condition", {{"AttributeValueList", &attribute_value_list},
                            {"ComparisonOperator", &comparison_operator, required}});
const Shape condition_map = map_of(condition);
const Shape expected_attribute_value =
    structure("ExpectedAttributeValue", {{"Value", &attribute_value},
                                         {"Exists", &boolean},
                                         {"ComparisonOperator", &comparison_operator},
                                         {"AttributeValueList", &attribute_value_list}});
const Shape expected_map = map_of(expected_attribute_value);
const Shape attribute_action = enumeration({"ADD", "DELETE", "PUT"});
const Shape attribute_value_update =
    structure("AttributeValueUpdate", {{"Value", &attribute_value}, {"Action", &attribute_action}});
const Shape attribute_updates = map_of(attribute_value_update);
const Shape select =
    enumeration({"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"});
const Shape page_limit{.kind = Kind::integer, .min = 1};
const Shape segment{.kind = Kind::integer, .min = 0, .max = 999'999};
const Shape total_segments{.kind = Kind::integer, .min = 1, .max = 1'000'000};

// Batches.
const Shape put_request = structure("PutRequest", {{"Item", &attribute_map, required}});
const Shape delete_request = structure("DeleteRequest", {{"Key", &attribute_map, required}});
const Shape write_request =
    structure("WriteRequest", {{"DeleteRequest", &delete_request}, {"PutRequest", &put_request}});
const Shape write_requests = list_of(write_request, 1, limits::batch_write_requests_max);
// That a batch names no table is told by the operation, in words of its own.
const Shape write_request_map{.kind = Kind::map,
                              .max = limits::batch_write_requests_max,
                              .key = &table_name,
                              .element = &write_requests};
const Shape key_list = list_of(attribute_map, 1, limits::batch_get_keys_max);
const Shape keys_and_attributes =
    structure("KeysAndAttributes", {{"Keys", &key_list, required},
                                    {"AttributesToGet", &attribute_names},
                                    {"ConsistentRead", &boolean},
                                    {"ProjectionExpression", &text},
                                    {"ExpressionAttributeNames", &expression_names}});
const Shape keys_map{.kind = Kind::map,
                     .max = limits::batch_get_keys_max,
                     .key = &table_name,
                     .element = &keys_and_attributes};

// Transactions.
const Shape transaction_put =
    structure("Put", {{"Item", &attribute_map, required},
                      {"TableName", &item_table_name, required},
                      {"ConditionExpression", &text},
                      {"ExpressionAttributeNames", &expression_names},
                      {"ExpressionAttributeValues", &attribute_map},
                      {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure}});
const Shape transaction_update =
    structure("Update", {{"Key", &attribute_map, required},
                         {"UpdateExpression", &text, required},
                         {"TableName", &item_table_name, required},
                         {"ConditionExpression", &text},
                         {"ExpressionAttributeNames", &expression_names},
                         {"ExpressionAttributeValues", &attribute_map},
                         {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure}});
const Shape transaction_delete =
    structure("Delete", {{"Key", &attribute_map, required},
                         {"TableName", &item_table_name, required},
                         {"ConditionExpression", &text},
                         {"ExpressionAttributeNames", &expression_names},
                         {"ExpressionAttributeValues", &attribute_map},
                         {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure}});
const Shape condition_check = structure(
    "ConditionCheck", {{"Key", &attribute_map, required},
                       {"TableName", &item_table_name, required},
                       {"ConditionExpression", &text, required},
                       {"ExpressionAttributeNames", &expression_names},
                       {"ExpressionAttributeValues", &attribute_map},
                       {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure}});
const Shape transact_write_item =
    structure("TransactWriteItem", {{"ConditionCheck", &condition_check},
                                    {"Put", &transaction_put},
                                    {"Delete", &transaction_delete},
                                    {"Update", &transaction_update}});
const Shape transact_write_items = list_of(transact_write_item, 1, limits::transaction_actions_max);
const Shape transaction_get = structure("Get", {{"Key", &attribute_map, required},
                                                {"TableName", &item_table_name, required},
                                                {"ProjectionExpression", &text},
                                                {"ExpressionAttributeNames", &expression_names}});
const Shape transact_get_item = structure("TransactGetItem", {{"Get", &transaction_get, required}});
const Shape transact_get_items = list_of(transact_get_item, 1, limits::transaction_actions_max);
const Shape client_request_token{.kind = Kind::string, .min = 1, .max = 36};

// PartiQL.
const Shape statement_text{.kind = Kind::string, .min = 1, .max = 8192};
const Shape statement_parameters{.kind = Kind::list, .min = 1, .element = &attribute_value};
const Shape next_token{.kind = Kind::string, .min = 1, .max = 32768};
const Shape batch_statement_request = structure(
    "BatchStatementRequest", {{"Statement", &statement_text, required},
                              {"Parameters", &statement_parameters},
                              {"ConsistentRead", &boolean},
                              {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure}});
const Shape batch_statements = list_of(batch_statement_request, 1, limits::batch_statements_max);
const Shape parameterized_statement = structure(
    "ParameterizedStatement", {{"Statement", &statement_text, required},
                               {"Parameters", &statement_parameters},
                               {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure}});
const Shape transact_statements =
    list_of(parameterized_statement, 1, limits::transaction_actions_max);

// Tables.
const Shape scalar_type = enumeration({"B", "N", "S"});
const Shape attribute_definition = structure(
    "AttributeDefinition",
    {{"AttributeName", &key_attribute_name, required}, {"AttributeType", &scalar_type, required}});
const Shape attribute_definitions = list_of(attribute_definition);
const Shape key_type = enumeration({"HASH", "RANGE"});
const Shape key_schema_element =
    structure("KeySchemaElement",
              {{"AttributeName", &key_attribute_name, required}, {"KeyType", &key_type, required}});
const Shape key_schema{.kind = Kind::list, .min = 1, .element = &key_schema_element};
const Shape projection_type = enumeration({"ALL", "INCLUDE", "KEYS_ONLY"});
const Shape non_key_attributes = list_of(key_attribute_name, 1, 20);
const Shape projection = structure("Projection", {{"ProjectionType", &projection_type},
                                                  {"NonKeyAttributes", &non_key_attributes}});
const Shape capacity_units{.kind = Kind::long_integer, .min = 1};
const Shape provisioned_throughput =
    structure("ProvisionedThroughput", {{"WriteCapacityUnits", &capacity_units, required},
                                        {"ReadCapacityUnits", &capacity_units, required}});
const Shape on_demand_throughput =
    structure("OnDemandThroughput",
              {{"MaxReadRequestUnits", &long_integer}, {"MaxWriteRequestUnits", &long_integer}});
const Shape warm_throughput = structure("WarmThroughput", {{"ReadUnitsPerSecond", &long_integer},
                                                           {"WriteUnitsPerSecond", &long_integer}});
const Shape local_index = structure("LocalSecondaryIndex", {{"Projection", &projection, required},
                                                            {"IndexName", &index_name, required},
                                                            {"KeySchema", &key_schema, required}});
const Shape local_indexes = list_of(local_index);
const Shape global_index =
    structure("GlobalSecondaryIndex", {{"Projection", &projection, required},
                                       {"IndexName", &index_name, required},
                                       {"ProvisionedThroughput", &provisioned_throughput},
                                       {"KeySchema", &key_schema, required},
                                       {"OnDemandThroughput", &on_demand_throughput},
                                       {"WarmThroughput", &warm_throughput}});
const Shape global_indexes = list_of(global_index);
const Shape billing_mode = enumeration({"PROVISIONED", "PAY_PER_REQUEST"});
const Shape stream_view_type =
    enumeration({"OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE"});
const Shape stream_specification =
    structure("StreamSpecification",
              {{"StreamEnabled", &boolean, required}, {"StreamViewType", &stream_view_type}});
const Shape sse_type = enumeration({"AES256", "KMS"});
const Shape sse_specification = structure(
    "SSESpecification", {{"Enabled", &boolean}, {"SSEType", &sse_type}, {"KMSMasterKeyId", &text}});
// What keys and values may be, and that both are there, is told by the operations, in words of
// their own.
const Shape tag = structure("Tag", {{"Key", &text}, {"Value", &text}});
const Shape tags = list_of(tag);
// So is what an ARN may be, and that there is one.
const Shape resource_arn{.kind = Kind::string, .min = 1, .max = 1283};
const Shape time_to_live_specification =
    structure("TimeToLiveSpecification",
              {{"AttributeName", &key_attribute_name, required}, {"Enabled", &boolean, required}});
const Shape list_tables_limit{.kind = Kind::integer, .min = 1, .max = limits::list_tables_page_max};

const Shape index_update = structure("UpdateGlobalSecondaryIndexAction",
                                     {{"IndexName", &index_name, required},
                                      {"ProvisionedThroughput", &provisioned_throughput},
                                      {"OnDemandThroughput", &on_demand_throughput},
                                      {"WarmThroughput", &warm_throughput}});
const Shape index_creation = structure("CreateGlobalSecondaryIndexAction",
                                       {{"Projection", &projection, required},
                                        {"IndexName", &index_name, required},
                                        {"ProvisionedThroughput", &provisioned_throughput},
                                        {"KeySchema", &key_schema, required},
                                        {"OnDemandThroughput", &on_demand_throughput},
                                        {"WarmThroughput", &warm_throughput}});
const Shape index_deletion =
    structure("DeleteGlobalSecondaryIndexAction", {{"IndexName", &index_name, required}});
const Shape global_index_update = structure(
    "GlobalSecondaryIndexUpdate",
    {{"Update", &index_update}, {"Create", &index_creation}, {"Delete", &index_deletion}});
const Shape global_index_updates = list_of(global_index_update);
const Shape replica = structure("ReplicationGroupUpdateAction", {{"RegionName", &text, required}});
const Shape replica_update = structure(
    "ReplicationGroupUpdate", {{"Create", &replica}, {"Update", &replica}, {"Delete", &replica}});
const Shape replica_updates{.kind = Kind::list, .min = 1, .element = &replica_update};

// Streams. The order of the iterator types is that of Kinesis, whose interface Streams took over.
Shape text_of_length(std::int64_t min, std::int64_t max) {
  return {.kind = Kind::string, .min = min, .max = max};
}
const Shape stream_arn = text_of_length(37, 1024);
const Shape shard_id = text_of_length(28, 65);
const Shape sequence_number = text_of_length(21, 40);
const Shape shard_iterator = text_of_length(1, 2048);
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

// Backups.
const Shape seconds{.kind = Kind::timestamp};
const Shape recovery_period{.kind = Kind::integer, .min = 1, .max = 35};
const Shape point_in_time_recovery = structure("PointInTimeRecoverySpecification",
                                               {{"PointInTimeRecoveryEnabled", &boolean, required},
                                                {"RecoveryPeriodInDays", &recovery_period}});
const Shape backup_name = name_of_length(3, false);
const Shape backup_type = enumeration({"USER", "SYSTEM", "AWS_BACKUP", "ALL"});

// Settings that are kept and shown.
const Shape revision_id{.kind = Kind::string, .min = 1, .max = 255};
const Shape insights_action = enumeration({"ENABLE", "DISABLE"});
const Shape insights_mode = enumeration({"THROTTLED_KEYS", "ACCESSED_AND_THROTTLED_KEYS"});
const Shape insights_page{.kind = Kind::integer, .max = limits::list_tables_page_max};
const Shape kinesis_arn{.kind = Kind::string, .min = 37, .max = 1024};
const Shape kinesis_precision = enumeration({"MICROSECOND", "MILLISECOND"});
const Shape kinesis_configuration =
    structure("KinesisStreamingConfiguration",
              {{"ApproximateCreationDateTimePrecision", &kinesis_precision}});
const Shape structure_of_region = structure("Replica", {{"RegionName", &text}});
const Shape replicas = list_of(structure_of_region);
const Shape global_table_limit{.kind = Kind::integer, .min = 1};
const Shape global_table_update = structure(
    "ReplicaUpdate", {{"Create", &structure_of_region}, {"Delete", &structure_of_region}});
const Shape global_table_updates = list_of(global_table_update);

// Exports and imports.
bool is_word(char c) { return is_letter(c) || is_digit(c) || c == '_'; }
const TextPattern bucket_pattern{
    "^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$", [](std::string_view value) {
      const auto is_inside = [](char c) { return is_word(c) || c == '.' || c == '-'; };
      return value.size() > 1 && std::all_of(value.begin(), value.end(), is_inside) &&
             is_word(value.front()) && value.front() != '_' && is_word(value.back()) &&
             value.back() != '_';
    }};
const TextPattern account_pattern{"[0-9]{12}", [](std::string_view value) {
                                    constexpr std::size_t length = 12;
                                    return value.size() == length &&
                                           std::all_of(value.begin(), value.end(), is_digit);
                                  }};
const TextPattern token_pattern{"^[^\\$]+$", [](std::string_view value) {
                                  return !value.empty() && value.find('$') == value.npos;
                                }};
const TextPattern delimiter_pattern{"[,;:|\\t ]", [](std::string_view value) {
                                      return value.size() == 1 &&
                                             std::string_view(",;:|\t ").find(value) != value.npos;
                                    }};
const TextPattern header_pattern{
    "[\\x20-\\x21\\x23-\\x2B\\x2D-\\x7E]*", [](std::string_view value) {
      return std::all_of(value.begin(), value.end(),
                         [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != ','; });
    }};
const Shape bucket{.kind = Kind::string, .max = 255, .pattern = &bucket_pattern};
const Shape bucket_owner{.kind = Kind::string, .pattern = &account_pattern};
const Shape bucket_prefix{.kind = Kind::string, .max = 1024};
const Shape transfer_token{.kind = Kind::string, .pattern = &token_pattern};
const Shape transfer_page{.kind = Kind::integer, .min = 1, .max = limits::transfers_page_max};
const Shape kms_key_id{.kind = Kind::string, .min = 1, .max = 2048};
const Shape export_format = enumeration({"DYNAMODB_JSON", "ION"});
const Shape export_type = enumeration({"FULL_EXPORT", "INCREMENTAL_EXPORT"});
const Shape export_view_type = enumeration({"NEW_IMAGE", "NEW_AND_OLD_IMAGES"});
const Shape incremental_export =
    structure("IncrementalExportSpecification", {{"ExportFromTime", &seconds},
                                                 {"ExportToTime", &seconds},
                                                 {"ExportViewType", &export_view_type}});
const Shape bucket_source = structure("S3BucketSource", {{"S3BucketOwner", &bucket_owner},
                                                         {"S3Bucket", &bucket, required},
                                                         {"S3KeyPrefix", &bucket_prefix}});
const Shape import_format = enumeration({"DYNAMODB_JSON", "ION", "CSV"});
const Shape import_compression = enumeration({"ZSTD", "NONE", "GZIP"});
const Shape csv_delimiter{.kind = Kind::string, .min = 1, .max = 1, .pattern = &delimiter_pattern};
const Shape csv_header{.kind = Kind::string, .min = 1, .max = 65536, .pattern = &header_pattern};
const Shape csv_headers = list_of(csv_header, 1, 255);
const Shape csv_options =
    structure("CsvOptions", {{"Delimiter", &csv_delimiter}, {"HeaderList", &csv_headers}});
const Shape format_options = structure("InputFormatOptions", {{"Csv", &csv_options}});

const Shape short_key_schema{.kind = Kind::list, .max = 2, .element = &key_schema_element};
const Shape short_key_index = structure("LocalSecondaryIndex", {{"KeySchema", &short_key_schema}});
const Shape short_key_indexes = list_of(short_key_index);

}  // namespace

const Shape create_table_key_lengths =
    structure("CreateTableInput",
              {{"KeySchema", &short_key_schema}, {"LocalSecondaryIndexes", &short_key_indexes}});

const Shape batch_execute_statement_input =
    structure("BatchExecuteStatementInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                                             {"Statements", &batch_statements, required}});

const Shape batch_get_item_input = structure(
    "BatchGetItemInput",
    {{"ReturnConsumedCapacity", &return_consumed_capacity}, {"RequestItems", &keys_map, required}});

const Shape batch_write_item_input = structure(
    "BatchWriteItemInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                            {"ReturnItemCollectionMetrics", &return_item_collection_metrics},
                            {"RequestItems", &write_request_map, required}});

// That TableName is missing is told by the operation, in words of its own.
const Shape create_table_input =
    structure("CreateTableInput", {{"AttributeDefinitions", &attribute_definitions, required},
                                   {"TableName", &table_name},
                                   {"BillingMode", &billing_mode},
                                   {"ProvisionedThroughput", &provisioned_throughput},
                                   {"KeySchema", &key_schema, required},
                                   {"GlobalSecondaryIndexes", &global_indexes},
                                   {"LocalSecondaryIndexes", &local_indexes},
                                   {"StreamSpecification", &stream_specification},
                                   {"SSESpecification", &sse_specification},
                                   {"Tags", &tags},
                                   {"TableClass", &text},
                                   {"DeletionProtectionEnabled", &boolean},
                                   {"WarmThroughput", &warm_throughput},
                                   {"ResourcePolicy", &text},
                                   {"OnDemandThroughput", &on_demand_throughput}});

const Shape delete_item_input = structure(
    "DeleteItemInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                        {"TableName", &item_table_name, required},
                        {"Key", &attribute_map, required},
                        {"ReturnValues", &return_values},
                        {"ReturnItemCollectionMetrics", &return_item_collection_metrics},
                        {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure},
                        {"Expected", &expected_map},
                        {"ConditionalOperator", &conditional_operator},
                        {"ConditionExpression", &text},
                        {"ExpressionAttributeNames", &expression_names},
                        {"ExpressionAttributeValues", &attribute_map}});

const Shape delete_table_input =
    structure("DeleteTableInput", {{"TableName", &table_name, required}});

const Shape describe_endpoints_input = structure("DescribeEndpointsRequest", {});

const Shape describe_limits_input = structure("DescribeLimitsInput", {});

const Shape describe_table_input =
    structure("DescribeTableInput", {{"TableName", &table_name, required}});

// That TableName is missing is told by the operations, in words of their own: here, and of
// UpdateTimeToLive.
const Shape describe_time_to_live_input =
    structure("DescribeTimeToLiveInput", {{"TableName", &table_name}});

const Shape execute_statement_input = structure(
    "ExecuteStatementInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                              {"Statement", &statement_text, required},
                              {"Parameters", &statement_parameters},
                              {"ConsistentRead", &boolean},
                              {"NextToken", &next_token},
                              {"Limit", &page_limit},
                              {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure}});

const Shape execute_transaction_input =
    structure("ExecuteTransactionInput", {{"ClientRequestToken", &client_request_token},
                                          {"ReturnConsumedCapacity", &return_consumed_capacity},
                                          {"TransactStatements", &transact_statements, required}});

const Shape get_item_input =
    structure("GetItemInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                               {"AttributesToGet", &attribute_names},
                               {"TableName", &item_table_name, required},
                               {"Key", &attribute_map, required},
                               {"ConsistentRead", &boolean},
                               {"ProjectionExpression", &text},
                               {"ExpressionAttributeNames", &expression_names}});

const Shape list_tables_input =
    structure("ListTablesInput",
              {{"ExclusiveStartTableName", &table_name_no_arn}, {"Limit", &list_tables_limit}});

const Shape list_tags_of_resource_input =
    structure("ListTagsOfResourceInput", {{"ResourceArn", &resource_arn}, {"NextToken", &text}});

const Shape put_item_input =
    structure("PutItemInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                               {"TableName", &item_table_name, required},
                               {"Item", &attribute_map, required},
                               {"ReturnValues", &return_values},
                               {"ReturnItemCollectionMetrics", &return_item_collection_metrics},
                               {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure},
                               {"Expected", &expected_map},
                               {"ConditionalOperator", &conditional_operator},
                               {"ConditionExpression", &text},
                               {"ExpressionAttributeNames", &expression_names},
                               {"ExpressionAttributeValues", &attribute_map}});

const Shape query_input =
    structure("QueryInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                             {"AttributesToGet", &attribute_names},
                             {"TableName", &item_table_name, required},
                             {"IndexName", &index_name},
                             {"Select", &select},
                             {"Limit", &page_limit},
                             {"ConsistentRead", &boolean},
                             {"KeyConditions", &condition_map},
                             {"QueryFilter", &condition_map},
                             {"ConditionalOperator", &conditional_operator},
                             {"ScanIndexForward", &boolean},
                             {"ExclusiveStartKey", &attribute_map},
                             {"ProjectionExpression", &text},
                             {"FilterExpression", &text},
                             {"KeyConditionExpression", &text},
                             {"ExpressionAttributeNames", &expression_names},
                             {"ExpressionAttributeValues", &attribute_map}});

const Shape scan_input =
    structure("ScanInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                            {"AttributesToGet", &attribute_names},
                            {"TableName", &item_table_name, required},
                            {"IndexName", &index_name},
                            {"Limit", &page_limit},
                            {"Select", &select},
                            {"ScanFilter", &condition_map},
                            {"ConditionalOperator", &conditional_operator},
                            {"ExclusiveStartKey", &attribute_map},
                            {"TotalSegments", &total_segments},
                            {"Segment", &segment},
                            {"ProjectionExpression", &text},
                            {"FilterExpression", &text},
                            {"ExpressionAttributeNames", &expression_names},
                            {"ExpressionAttributeValues", &attribute_map},
                            {"ConsistentRead", &boolean}});

const Shape tag_resource_input =
    structure("TagResourceInput", {{"ResourceArn", &resource_arn}, {"Tags", &tags}});

const Shape transact_get_items_input =
    structure("TransactGetItemsInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                                        {"TransactItems", &transact_get_items, required}});

const Shape transact_write_items_input = structure(
    "TransactWriteItemsInput", {{"ClientRequestToken", &client_request_token},
                                {"ReturnConsumedCapacity", &return_consumed_capacity},
                                {"ReturnItemCollectionMetrics", &return_item_collection_metrics},
                                {"TransactItems", &transact_write_items, required}});

const Shape untag_resource_input =
    structure("UntagResourceInput", {{"ResourceArn", &resource_arn}, {"TagKeys", &text_list}});

const Shape update_item_input = structure(
    "UpdateItemInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                        {"TableName", &item_table_name, required},
                        {"Key", &attribute_map, required},
                        {"ReturnValues", &return_values},
                        {"ReturnItemCollectionMetrics", &return_item_collection_metrics},
                        {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure},
                        {"AttributeUpdates", &attribute_updates},
                        {"Expected", &expected_map},
                        {"ConditionalOperator", &conditional_operator},
                        {"UpdateExpression", &text},
                        {"ConditionExpression", &text},
                        {"ExpressionAttributeNames", &expression_names},
                        {"ExpressionAttributeValues", &attribute_map}});

// That TableName is missing is told by the operation, in words of its own.
const Shape update_table_input =
    structure("UpdateTableInput", {{"AttributeDefinitions", &attribute_definitions},
                                   {"TableName", &table_name},
                                   {"BillingMode", &billing_mode},
                                   {"ProvisionedThroughput", &provisioned_throughput},
                                   {"GlobalSecondaryIndexUpdates", &global_index_updates},
                                   {"StreamSpecification", &stream_specification},
                                   {"SSESpecification", &sse_specification},
                                   {"ReplicaUpdates", &replica_updates},
                                   {"TableClass", &text},
                                   {"DeletionProtectionEnabled", &boolean},
                                   {"OnDemandThroughput", &on_demand_throughput},
                                   {"WarmThroughput", &warm_throughput}});

const Shape update_time_to_live_input = structure(
    "UpdateTimeToLiveInput", {{"TableName", &table_name},
                              {"TimeToLiveSpecification", &time_to_live_specification, required}});

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

const Shape create_backup_input =
    structure("CreateBackupInput",
              {{"BackupName", &backup_name, required}, {"TableName", &table_name, required}});

// What a BackupArn has to look like is told by the operations, in words of their own.
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
                                    {"SSESpecificationOverride", &sse_specification}});

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
                                       {"SSESpecificationOverride", &sse_specification}});

const Shape update_continuous_backups_input =
    structure("UpdateContinuousBackupsInput",
              {{"PointInTimeRecoverySpecification", &point_in_time_recovery, required},
               {"TableName", &table_name, required}});

const Shape contributor_insights_input =
    structure("DescribeContributorInsightsInput",
              {{"TableName", &table_name, required}, {"IndexName", &index_name}});

const Shape update_contributor_insights_input = structure(
    "UpdateContributorInsightsInput", {{"TableName", &table_name, required},
                                       {"IndexName", &index_name},
                                       {"ContributorInsightsAction", &insights_action, required},
                                       {"ContributorInsightsMode", &insights_mode}});

const Shape list_contributor_insights_input =
    structure("ListContributorInsightsInput",
              {{"TableName", &table_name}, {"NextToken", &text}, {"MaxResults", &insights_page}});

const Shape kinesis_destination_input =
    structure("KinesisStreamingDestinationInput",
              {{"TableName", &table_name, required},
               {"StreamArn", &kinesis_arn, required},
               {"EnableKinesisStreamingConfiguration", &kinesis_configuration}});

const Shape update_kinesis_destination_input =
    structure("UpdateKinesisStreamingDestinationInput",
              {{"TableName", &table_name, required},
               {"StreamArn", &kinesis_arn, required},
               {"UpdateKinesisStreamingConfiguration", &kinesis_configuration}});

const Shape table_creation = structure("TableCreationParameters",
                                       {{"TableName", &table_name_no_arn, required},
                                        {"AttributeDefinitions", &attribute_definitions, required},
                                        {"KeySchema", &key_schema, required},
                                        {"BillingMode", &billing_mode},
                                        {"ProvisionedThroughput", &provisioned_throughput},
                                        {"OnDemandThroughput", &on_demand_throughput},
                                        {"SSESpecification", &sse_specification},
                                        {"GlobalSecondaryIndexes", &global_indexes}});

// What the ARNs of tables, exports and imports and tokens of pages may be is told by the
// operations, in words of their own.
const Shape export_table_input = structure(
    "ExportTableToPointInTimeInput", {{"TableArn", &text, required},
                                      {"ExportTime", &seconds},
                                      {"ClientToken", &transfer_token},
                                      {"S3Bucket", &bucket, required},
                                      {"S3BucketOwner", &bucket_owner},
                                      {"S3Prefix", &bucket_prefix},
                                      {"S3SseAlgorithm", &sse_type},
                                      {"S3SseKmsKeyId", &kms_key_id},
                                      {"ExportFormat", &export_format},
                                      {"ExportType", &export_type},
                                      {"IncrementalExportSpecification", &incremental_export}});

const Shape describe_export_input =
    structure("DescribeExportInput", {{"ExportArn", &text, required}});

const Shape list_exports_input =
    structure("ListExportsInput",
              {{"TableArn", &text}, {"MaxResults", &transfer_page}, {"NextToken", &text}});

const Shape import_table_input =
    structure("ImportTableInput", {{"ClientToken", &transfer_token},
                                   {"S3BucketSource", &bucket_source, required},
                                   {"InputFormat", &import_format, required},
                                   {"InputFormatOptions", &format_options},
                                   {"InputCompressionType", &import_compression},
                                   {"TableCreationParameters", &table_creation, required}});

const Shape describe_import_input =
    structure("DescribeImportInput", {{"ImportArn", &text, required}});

const Shape list_imports_input = structure(
    "ListImportsInput", {{"TableArn", &text}, {"PageSize", &transfer_page}, {"NextToken", &text}});

const Shape imported_line = structure("ImportedLine", {{"Item", &attribute_map, required}});

const Shape global_table_input =
    structure("DescribeGlobalTableInput", {{"GlobalTableName", &table_name_no_arn, required}});

const Shape create_global_table_input = structure(
    "CreateGlobalTableInput",
    {{"GlobalTableName", &table_name_no_arn, required}, {"ReplicationGroup", &replicas, required}});

const Shape update_global_table_input =
    structure("UpdateGlobalTableInput", {{"GlobalTableName", &table_name_no_arn, required},
                                         {"ReplicaUpdates", &global_table_updates, required}});

const Shape list_global_tables_input =
    structure("ListGlobalTablesInput", {{"ExclusiveStartGlobalTableName", &table_name_no_arn},
                                        {"Limit", &global_table_limit},
                                        {"RegionName", &text}});

const Shape resource_arn_input =
    structure("GetResourcePolicyInput", {{"ResourceArn", &resource_arn, required}});

const Shape delete_resource_policy_input =
    structure("DeleteResourcePolicyInput",
              {{"ResourceArn", &resource_arn, required}, {"ExpectedRevisionId", &revision_id}});

const Shape put_resource_policy_input =
    structure("PutResourcePolicyInput", {{"ResourceArn", &resource_arn, required},
                                         {"Policy", &text, required},
                                         {"ExpectedRevisionId", &revision_id},
                                         {"ConfirmRemoveSelfResourceAccess", &boolean}});

}  // namespace pageturner::shapes
