// The inputs of the operations on items: single, in batches, in pages, in transactions, PartiQL.
#include "protocol/limits.h"
#include "protocol/model/shape_parts.h"
#include "protocol/model/shapes.h"

namespace pageturner::shapes {
namespace {

// Values.
Shape unconstrained(Shape shape) {
  shape.is_unconstrained = true;
  return shape;
}
extern const Shape attribute_value;
const Shape bytes{.kind = Kind::blob};
const Shape value_boolean{.kind = Kind::boolean, .accepts_words = true};
const Shape bytes_list = list_of(bytes);
const Shape attribute_value_list = unconstrained(list_of(attribute_value));
const Shape attribute_map = unconstrained(map_of(attribute_value));
const Shape attribute_value =
    unconstrained(structure("AttributeValue", {{"S", &text},
                                               {"N", &text},
                                               {"B", &bytes},
                                               {"INT", nullptr},
                                               {"DECIMAL", nullptr},
                                               {"DOUBLE", nullptr},
                                               {"SS", &text_list},
                                               {"NS", &text_list},
                                               {"BS", &bytes_list},
                                               {"INTSET", nullptr},
                                               {"DECIMALSET", nullptr},
                                               {"DOUBLESET", nullptr},
                                               {"M", &attribute_map},
                                               {"L", &attribute_value_list},
                                               {"NULL", &value_boolean},
                                               {"BOOL", &value_boolean}}));

// Names. The operations on items accept any name of at least one character, as the service does.
const Shape item_table_name = table_name_of_length(1);
// An empty name violates the length only.
const TextPattern name_pattern_or_empty{name_pattern.text, [](std::string_view value) {
                                          return value.empty() || name_pattern.matches(value);
                                        }};
Shape written_table_name_shape() {
  Shape shape = table_name_of_length(1);
  shape.pattern = &name_pattern_or_empty;
  shape.current_omits_value = true;
  return shape;
}
const Shape written_table_name = written_table_name_shape();  // of a write of a single item

// Parameters that several operations on items have.
const Shape attribute_names = {.kind = Kind::list, .min = 1, .element = &text};
const Shape expression_names = map_of(text);
const Shape return_consumed_capacity = enumeration({"INDEXES", "TOTAL", "NONE"});
const Shape return_item_collection_metrics = enumeration({"SIZE", "NONE"});
// UPDATE_NEW is what the current validators print.
const Shape return_values{
    .kind = Kind::string,
    .enum_values = {"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"},
    .current_enum_values = {"ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATE_NEW", "NONE"}};
const Shape return_values_on_failure = enumeration({"ALL_OLD", "NONE"});
// ALL is what the current validators print.
const Shape conditional_operator{
    .kind = Kind::string, .enum_values = {"OR", "AND"}, .current_enum_values = {"ALL", "OR"}};
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
const Shape page_limit{.kind = Kind::integer, .min = 1, .current_omits_value = true};
const Shape segment{.kind = Kind::integer, .min = 0, .max = 999'999};
const Shape total_segments{.kind = Kind::integer, .min = 1, .max = 1'000'000};

// Batches.
const Shape put_request =
    structure("PutRequest", {{"Item", &attribute_map, required}, {"WorkloadProfileName", nullptr}});
const Shape delete_request = structure("DeleteRequest", {{"Key", &attribute_map, required}});
const Shape write_request =
    structure("WriteRequest", {{"PutRequest", &put_request}, {"DeleteRequest", &delete_request}});
const Shape write_requests = list_of(write_request, 1, limits::batch_write_requests_max);
// No minimum: the operation refuses a batch without tables with a message of its own.
const Shape write_request_map{.kind = Kind::map,
                              .max = limits::batch_write_requests_max,
                              .reports_keys_last = true,
                              .key = &table_name,
                              .element = &write_requests};
const Shape key_list{.kind = Kind::list,
                     .min = 1,
                     .max = limits::batch_get_keys_max,
                     .current_omits_value = true,
                     .element = &attribute_map};
const Shape keys_and_attributes =
    structure("KeysAndAttributes", {{"Keys", &key_list, required},
                                    {"AttributesToGet", &attribute_names},
                                    {"ConsistentRead", &boolean},
                                    {"ProjectionExpression", &text},
                                    {"ExpressionAttributeNames", &expression_names}});
const Shape keys_map{.kind = Kind::map,
                     .min = 1,
                     .max = limits::batch_get_keys_max,
                     .current_omits_value = true,
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
const Shape client_request_token = text_of_length(1, 36);

// PartiQL.
const Shape statement_text = text_of_length(1, 8192);
const Shape statement_parameters{.kind = Kind::list, .min = 1, .element = &attribute_value};
const Shape next_token = text_of_length(1, 32768);
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

}  // namespace

const Shape batch_execute_statement_input =
    structure("BatchExecuteStatementInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                                             {"Statements", &batch_statements, required}});

const Shape batch_get_item_input = structure(
    "BatchGetItemInput",
    {{"RequestItems", &keys_map, required}, {"ReturnConsumedCapacity", &return_consumed_capacity}});

const Shape batch_write_item_input = structure(
    "BatchWriteItemInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                            {"ReturnItemCollectionMetrics", &return_item_collection_metrics},
                            {"RequestItems", &write_request_map, required}});

const Shape delete_item_input = structure(
    "DeleteItemInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                        {"TableName", &written_table_name, required, reports_alone},
                        {"Key", &attribute_map, required},
                        {"ReturnValues", &return_values},
                        {"ReturnItemCollectionMetrics", &return_item_collection_metrics},
                        {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure},
                        {"Expected", &expected_map},
                        {"ConditionalOperator", &conditional_operator},
                        {"ConditionExpression", &text},
                        {"ExpressionAttributeNames", &expression_names},
                        {"ExpressionAttributeValues", &attribute_map}});

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

const Shape put_item_input =
    structure("PutItemInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                               {"TableName", &written_table_name, required, reports_alone},
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
                             {"ConditionalOperator", &conditional_operator, false, reports_alone},
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

const Shape transact_get_items_input =
    structure("TransactGetItemsInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                                        {"TransactItems", &transact_get_items, required}});

const Shape transact_write_items_input = structure(
    "TransactWriteItemsInput", {{"ClientRequestToken", &client_request_token},
                                {"ReturnConsumedCapacity", &return_consumed_capacity},
                                {"ReturnItemCollectionMetrics", &return_item_collection_metrics},
                                {"TransactItems", &transact_write_items, required}});

const Shape update_item_input = structure(
    "UpdateItemInput", {{"ReturnConsumedCapacity", &return_consumed_capacity},
                        {"TableName", &written_table_name, required, reports_alone},
                        {"ReturnValues", &return_values, false, reports_alone},
                        {"ConditionalOperator", &conditional_operator},
                        {"Key", &attribute_map, required},
                        {"ReturnItemCollectionMetrics", &return_item_collection_metrics},
                        {"ReturnValuesOnConditionCheckFailure", &return_values_on_failure},
                        {"AttributeUpdates", &attribute_updates},
                        {"Expected", &expected_map},
                        {"UpdateExpression", &text},
                        {"ConditionExpression", &text},
                        {"ExpressionAttributeNames", &expression_names},
                        {"ExpressionAttributeValues", &attribute_map}});

// A line of an imported file.
const Shape imported_line = structure("ImportedLine", {{"Item", &attribute_map, required}});

}  // namespace pageturner::shapes
