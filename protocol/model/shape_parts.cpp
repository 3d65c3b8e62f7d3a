#include "protocol/model/shape_parts.h"

#include <algorithm>

#include "protocol/arn.h"
#include "protocol/limits.h"
#include "protocol/text.h"

namespace pageturner::shapes {

const TextPattern name_pattern{
    "[a-zA-Z0-9_.-]+", [](std::string_view value) {
      return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '_' || c == '.' || c == '-';
      });
    }};

Shape table_name_of_length(std::int64_t min) {
  Shape shape = name_of_length(min);
  shape.constrained_part = &table_name_of;
  return shape;
}

const Shape text{.kind = Kind::string};
const Shape text_list = list_of(text);
const Shape long_integer{.kind = Kind::long_integer};
const Shape boolean{.kind = Kind::boolean};
const Shape seconds{.kind = Kind::timestamp};
const Shape unsupported{.kind = Kind::unsupported};

const Shape table_name = table_name_of_length(3);
const Shape table_name_no_arn = name_of_length(3);
const Shape index_name = name_of_length(3);
const Shape key_attribute_name = text_of_length(1, 255);

namespace {

const Shape scalar_type = enumeration({"B", "N", "S"});
const Shape attribute_definition = structure(
    "AttributeDefinition",
    {{"AttributeName", &key_attribute_name, required}, {"AttributeType", &scalar_type, required}});
const Shape key_type = enumeration({"HASH", "RANGE"});
const Shape projection_type = enumeration({"ALL", "INCLUDE", "KEYS_ONLY"});
const Shape non_key_attributes = list_of(key_attribute_name, 1, 20);
const Shape capacity_units{.kind = Kind::long_integer, .min = 1};
const Shape local_index = structure("LocalSecondaryIndex", {{"Projection", &projection, required},
                                                            {"IndexName", &index_name, required},
                                                            {"KeySchema", &key_schema, required}});
const Shape global_index =
    structure("GlobalSecondaryIndex", {{"Projection", &projection, required},
                                       {"IndexName", &index_name, required},
                                       {"ProvisionedThroughput", &provisioned_throughput},
                                       {"KeySchema", &key_schema, required},
                                       {"OnDemandThroughput", &on_demand_throughput},
                                       {"WarmThroughput", &warm_throughput}});

}  // namespace

const Shape attribute_definitions = list_of(attribute_definition);
const Shape key_schema_element =
    structure("KeySchemaElement",
              {{"AttributeName", &key_attribute_name, required}, {"KeyType", &key_type, required}});
const Shape key_schema{.kind = Kind::list, .min = 1, .element = &key_schema_element};
const Shape projection = structure("Projection", {{"ProjectionType", &projection_type},
                                                  {"NonKeyAttributes", &non_key_attributes}});
const Shape provisioned_throughput =
    structure("ProvisionedThroughput", {{"WriteCapacityUnits", &capacity_units, required},
                                        {"ReadCapacityUnits", &capacity_units, required}});
const Shape on_demand_throughput =
    structure("OnDemandThroughput",
              {{"MaxReadRequestUnits", &long_integer}, {"MaxWriteRequestUnits", &long_integer}});
const Shape warm_throughput = structure("WarmThroughput", {{"ReadUnitsPerSecond", &long_integer},
                                                           {"WriteUnitsPerSecond", &long_integer}});
const Shape local_indexes = list_of(local_index);
const Shape global_indexes = list_of(global_index);
const Shape billing_mode = enumeration({"PROVISIONED", "PAY_PER_REQUEST"});
const Shape sse_type = enumeration({"AES256", "KMS"});
const Shape sse_specification = structure(
    "SSESpecification", {{"Enabled", &boolean}, {"SSEType", &sse_type}, {"KMSMasterKeyId", &text}});
// The operations check the form of an ARN and that there is one; their messages differ from those
// of constraints.
const Shape resource_arn = text_of_length(1, 1283);
const Shape list_tables_limit{.kind = Kind::integer, .min = 1, .max = limits::list_tables_page_max};

}  // namespace pageturner::shapes
