// The inputs of the operations on settings that are stored and returned but have no effect, and of
// those that return facts on the service.
#include "protocol/limits.h"
#include "protocol/model/shape_parts.h"
#include "protocol/model/shapes.h"

namespace pageturner::shapes {
namespace {

const Shape revision_id = text_of_length(1, 255);
const Shape insights_action = enumeration({"ENABLE", "DISABLE"});
const Shape insights_mode = enumeration({"THROTTLED_KEYS", "ACCESSED_AND_THROTTLED_KEYS"});
const Shape insights_page{.kind = Kind::integer, .max = limits::list_tables_page_max};
const Shape kinesis_arn = text_of_length(37, 1024);
const Shape kinesis_precision = enumeration({"MICROSECOND", "MILLISECOND"});
// The service lists the same set in another order here. Source: recorded answers.
const Shape updated_kinesis_precision = enumeration({"MILLISECOND", "MICROSECOND"});
const Shape kinesis_configuration =
    structure("KinesisStreamingConfiguration",
              {{"ApproximateCreationDateTimePrecision", &kinesis_precision}});
const Shape updated_kinesis_configuration =
    structure("KinesisStreamingConfiguration",
              {{"ApproximateCreationDateTimePrecision", &updated_kinesis_precision}});
const Shape structure_of_region = structure("Replica", {{"RegionName", &text}});
const Shape replicas = list_of(structure_of_region);
const Shape global_table_limit{.kind = Kind::integer, .min = 1};
const Shape global_table_update = structure(
    "ReplicaUpdate", {{"Create", &structure_of_region}, {"Delete", &structure_of_region}});
const Shape global_table_updates = list_of(global_table_update);

}  // namespace

const Shape describe_endpoints_input = structure("DescribeEndpointsRequest", {});

const Shape describe_limits_input = structure("DescribeLimitsInput", {});

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
               {"UpdateKinesisStreamingConfiguration", &updated_kinesis_configuration}});

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
