// The inputs of the operations on tables, tags and time to live.
#include "protocol/limits.h"
#include "protocol/model/shape_parts.h"
#include "protocol/model/shapes.h"

namespace pageturner::shapes {
namespace {

const Shape stream_view_type =
    enumeration({"OLD_IMAGE", "KEYS_ONLY", "NEW_AND_OLD_IMAGES", "NEW_IMAGE"});
const Shape stream_specification =
    structure("StreamSpecification",
              {{"StreamEnabled", &boolean, required}, {"StreamViewType", &stream_view_type}});
// The operations check the characters and lengths of tags and that key and value are present; their
// messages differ from those of constraints.
const Shape tag = structure("Tag", {{"Key", &text}, {"Value", &text}});
const Shape tags = list_of(tag);
const Shape time_to_live_specification =
    structure("TimeToLiveSpecification",
              {{"AttributeName", &key_attribute_name, required}, {"Enabled", &boolean, required}});

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

const Shape short_key_schema{.kind = Kind::list, .max = 2, .element = &key_schema_element};
const Shape short_key_index = structure("LocalSecondaryIndex", {{"KeySchema", &short_key_schema}});
const Shape short_key_indexes = list_of(short_key_index);

}  // namespace

// Checked later than the rest of CreateTable: after the billing mode.
const Shape create_table_key_lengths =
    structure("CreateTableInput",
              {{"KeySchema", &short_key_schema}, {"LocalSecondaryIndexes", &short_key_indexes}});

// TableName is not required: the operation refuses its absence with a message of its own.
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
                                   {"OnDemandThroughput", &on_demand_throughput},
                                   {"GlobalTableSourceArn", &unsupported},
                                   {"GlobalTableSettingsReplicationMode", &unsupported},
                                   {"VectorIndexes", &unsupported}});

const Shape delete_table_input =
    structure("DeleteTableInput", {{"TableName", &table_name, required}});

const Shape describe_table_input =
    structure("DescribeTableInput", {{"TableName", &table_name, required}});

// TableName is not required here and in UpdateTimeToLive: the operations refuse its absence with a
// message of their own.
const Shape describe_time_to_live_input =
    structure("DescribeTimeToLiveInput", {{"TableName", &table_name}});

const Shape list_tables_input =
    structure("ListTablesInput",
              {{"ExclusiveStartTableName", &table_name_no_arn}, {"Limit", &list_tables_limit}});

const Shape list_tags_of_resource_input =
    structure("ListTagsOfResourceInput", {{"ResourceArn", &resource_arn}, {"NextToken", &text}});

const Shape tag_resource_input =
    structure("TagResourceInput", {{"ResourceArn", &resource_arn}, {"Tags", &tags}});

const Shape untag_resource_input =
    structure("UntagResourceInput", {{"ResourceArn", &resource_arn}, {"TagKeys", &text_list}});

// TableName is not required: the operation refuses its absence with a message of its own.
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
                                   {"WarmThroughput", &warm_throughput},
                                   {"MultiRegionConsistency", &unsupported},
                                   {"GlobalTableWitnessUpdates", &unsupported},
                                   {"GlobalTableSettingsReplicationMode", &unsupported},
                                   {"DisassociationProtectionEnabled", &unsupported},
                                   {"VectorIndexUpdates", &unsupported}});

const Shape update_time_to_live_input = structure(
    "UpdateTimeToLiveInput", {{"TableName", &table_name},
                              {"TimeToLiveSpecification", &time_to_live_specification, required}});

// The parameters of the table that an import creates.
const Shape table_creation = structure("TableCreationParameters",
                                       {{"TableName", &table_name_no_arn, required},
                                        {"AttributeDefinitions", &attribute_definitions, required},
                                        {"KeySchema", &key_schema, required},
                                        {"BillingMode", &billing_mode},
                                        {"ProvisionedThroughput", &provisioned_throughput},
                                        {"OnDemandThroughput", &on_demand_throughput},
                                        {"SSESpecification", &sse_specification},
                                        {"GlobalSecondaryIndexes", &global_indexes},
                                        {"VectorIndexes", &unsupported}});

}  // namespace pageturner::shapes
