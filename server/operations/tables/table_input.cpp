#include "server/operations/tables/table_input.h"

#include <algorithm>
#include <array>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <set>

#include "protocol/arn.h"
#include "protocol/limits.h"
#include "protocol/model/shapes.h"
#include "protocol/text.h"
#include "server/operations/parameters.h"
#include "server/operations/tables/key_schema_input.h"
#include "server/operations/tables/table_settings_input.h"
#include "server/operations/tables/tag_input.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

Result<void> parse_billing(JsonValue body, TableDescription& table) {
  const auto throughput = body.find("ProvisionedThroughput");
  if (text_parameter(body, "BillingMode") == "PAY_PER_REQUEST") {
    table.billing_mode = BillingMode::pay_per_request;
    if (throughput) {
      return invalid_parameter(
          "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
          "PAY_PER_REQUEST");
    }
  } else {
    if (!throughput) {
      return invalid_parameter(
          "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
          "PROVISIONED");
    }
    PAGETURNER_ASSIGN_OR_RETURN(table.throughput, parse_throughput(*throughput));
  }
  PAGETURNER_ASSIGN_OR_RETURN(table.on_demand_throughput,
                              parse_on_demand(body, table.billing_mode, "table"));
  table.warm_throughput = parse_warm(body);
  return {};
}

// Calls `visit(json, owner)` for each index. Global indexes are first, as in the checks of the
// service.
template <class Visit>
Result<void> for_each_index(JsonValue body, Visit visit) {
  constexpr std::array<std::pair<std::string_view, KeySchemaOwner>, 2> kinds = {
      {{"GlobalSecondaryIndexes", KeySchemaOwner::global_index},
       {"LocalSecondaryIndexes", KeySchemaOwner::local_index}}};
  for (const auto& [name, owner] : kinds) {
    for (const JsonValue index : body.elements_of(name))
      PAGETURNER_RETURN_IF_ERROR(visit(index, owner));
  }
  return {};
}

Result<void> check_index_lists(JsonValue body) {
  for (const std::string_view name : {"LocalSecondaryIndexes", "GlobalSecondaryIndexes"}) {
    const auto list = body.find(name);
    if (list && list->size() == 0) {
      return invalid_parameter(concat("List of ", name, " is empty"));
    }
  }
  return {};
}

// Checks that each attribute definition is used by a key.
Result<void> check_definitions_used(JsonValue body, const TableDescription& table) {
  std::set<std::string_view> used;
  add_key_names(body.find("KeySchema").value(), used);
  bool has_index = false;
  PAGETURNER_RETURN_IF_ERROR(
      for_each_index(body, [&](JsonValue index, KeySchemaOwner) -> Result<void> {
        has_index = true;
        add_key_names(index.find("KeySchema").value(), used);
        return {};
      }));
  const bool all_used =
      std::all_of(table.attribute_definitions.begin(), table.attribute_definitions.end(),
                  [&](const KeyAttribute& definition) { return used.contains(definition.name); });
  if (all_used) return {};
  if (!has_index) {
    return invalid_parameter(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
  }
  return invalid_parameter(concat("Some AttributeDefinitions are not used. AttributeDefinitions: ",
                                  name_list(table.attribute_definitions), ", keys used: [",
                                  join(used, ", "), "]"));
}

Result<void> check_local_key(const IndexDescription& index, const TableDescription& table) {
  if (index.key_schema.sort.empty()) {
    return invalid_parameter(
        concat("Index KeySchema does not have a range key for index: ", index.name));
  }
  const std::string& index_hash = index.key_schema.partition.front().name;
  const std::string& table_hash = table.key_schema.partition.front().name;
  if (index_hash == table_hash) return {};
  return invalid_parameter(concat(
      "Index KeySchema does not have the same leading hash key as table KeySchema for index: ",
      index.name, ". index hash key: ", index_hash, ", table hash key: ", table_hash));
}

Result<void> parse_index_throughput(JsonValue json, const TableDescription& table,
                                    IndexDescription& index) {
  const auto throughput = json.find("ProvisionedThroughput");
  if (table.billing_mode == BillingMode::pay_per_request) {
    if (throughput) {
      return invalid_parameter(concat("ProvisionedThroughput should not be specified for index: ",
                                      index.name, " when BillingMode is PAY_PER_REQUEST"));
    }
  } else {
    if (!throughput) {
      return invalid_parameter(
          concat("ProvisionedThroughput is not specified for index: ", index.name));
    }
    PAGETURNER_ASSIGN_OR_RETURN(index.throughput, parse_throughput(*throughput));
  }
  PAGETURNER_ASSIGN_OR_RETURN(
      index.on_demand_throughput,
      parse_on_demand(json, table.billing_mode, concat("index : ", index.name)));
  index.warm_throughput = parse_warm(json);
  return {};
}

// The keys of all indexes are checked before unused definitions, and those before the other
// parameters of any index. Source: recorded answers.
Result<void> parse_index_keys(JsonValue body, TableDescription& table) {
  if (body.find("LocalSecondaryIndexes") && table.key_schema.sort.empty()) {
    return invalid_parameter(
        "Table KeySchema does not have a range key, which is required when specifying a "
        "LocalSecondaryIndex");
  }
  return for_each_index(body, [&](JsonValue json, KeySchemaOwner owner) -> Result<void> {
    IndexDescription index;
    index.name = text_parameter(json, "IndexName");
    index.is_global = owner == KeySchemaOwner::global_index;
    PAGETURNER_ASSIGN_OR_RETURN(
        index.key_schema,
        parse_key_schema(json.find("KeySchema").value(), table.attribute_definitions, owner));
    if (!index.is_global) PAGETURNER_RETURN_IF_ERROR(check_local_key(index, table));
    table.indexes.push_back(std::move(index));
    return {};
  });
}

Result<void> parse_indexes(JsonValue body, TableDescription& table) {
  PAGETURNER_RETURN_IF_ERROR(parse_index_keys(body, table));
  PAGETURNER_RETURN_IF_ERROR(check_definitions_used(body, table));
  std::size_t next = 0;
  PAGETURNER_RETURN_IF_ERROR(
      for_each_index(body, [&](JsonValue json, KeySchemaOwner) -> Result<void> {
        IndexDescription& index = table.indexes[next++];
        PAGETURNER_ASSIGN_OR_RETURN(index.projection, parse_projection(json));
        if (index.is_global) PAGETURNER_RETURN_IF_ERROR(parse_index_throughput(json, table, index));
        return {};
      }));
  return check_index_counts(table);
}

Result<void> parse_stream(JsonValue body, TableDescription& table) {
  const auto json = body.find("StreamSpecification");
  if (!json) return {};
  table.stream_view_type = text_parameter(*json, "StreamViewType");
  const bool enabled = boolean_parameter(*json, "StreamEnabled", false);
  if (enabled == !table.stream_view_type.empty()) return {};
  return invalid_parameter(
      enabled ? "Table is being created with a stream enabled, UpdateViewType is required"
              : "Table is being created with a stream disabled, UpdateViewType should not be "
                "specified");
}

Result<void> parse_definitions(JsonValue body, TableDescription& table) {
  table.attribute_definitions =
      parse_attribute_definitions(body.find("AttributeDefinitions").value());
  std::set<std::string_view> names;
  for (const KeyAttribute& definition : table.attribute_definitions) {
    if (!names.insert(definition.name).second) {
      return validation_error(concat("Attribute Name is duplicated: ", definition.name));
    }
  }
  return {};
}

}  // namespace

void begin_table(TableDescription& table, std::int64_t transition_milliseconds) {
  table.id = to_string(boost::uuids::random_generator()());
  table.created_milliseconds = now_milliseconds();
  if (table.billing_mode == BillingMode::pay_per_request) {
    table.pay_per_request_milliseconds = table.created_milliseconds;
  }
  table.transition = {Status::creating, table.created_milliseconds + transition_milliseconds};
  for (IndexDescription& index : table.indexes) index.transition = table.transition;
}

Result<void> check_index_counts(const TableDescription& table) {
  std::set<std::string_view> names;
  std::size_t global = 0;
  std::size_t projected = 0;
  for (const IndexDescription& index : table.indexes) {
    if (!names.insert(index.name).second) {
      return invalid_parameter(concat("Duplicate index name: ", index.name));
    }
    global += index.is_global ? 1 : 0;
    projected += index.projection.non_key_attributes.size();
  }
  if (table.indexes.size() - global > limits::local_indexes_max) {
    return invalid_parameter(concat("Number of LocalSecondaryIndexes exceeds per-table limit of ",
                                    limits::local_indexes_max));
  }
  if (global > limits::global_indexes_max) {
    return invalid_parameter(concat("GlobalSecondaryIndex count exceeds the per-table limit of ",
                                    limits::global_indexes_max));
  }
  if (projected > limits::projected_attributes_max) {
    // The limit is documented; the message is our own, that of the service is unknown.
    return invalid_parameter(
        concat("Number of projected NonKeyAttributes exceeds the per-table limit of ",
               limits::projected_attributes_max));
  }
  return {};
}

Result<TableDescription> parse_table(JsonValue body) {
  TableDescription table;
  table.name = table_name_of(text_parameter(body, "TableName"));
  PAGETURNER_RETURN_IF_ERROR(parse_billing(body, table));
  PAGETURNER_RETURN_IF_ERROR(check_constraints(body, shapes::create_table_key_lengths));
  PAGETURNER_RETURN_IF_ERROR(parse_definitions(body, table));
  PAGETURNER_ASSIGN_OR_RETURN(table.key_schema,
                              parse_key_schema(body.find("KeySchema").value(),
                                               table.attribute_definitions, KeySchemaOwner::table));
  PAGETURNER_RETURN_IF_ERROR(check_index_lists(body));
  PAGETURNER_RETURN_IF_ERROR(parse_indexes(body, table));
  PAGETURNER_RETURN_IF_ERROR(parse_stream(body, table));
  PAGETURNER_RETURN_IF_ERROR(parse_sse(body, table));
  PAGETURNER_RETURN_IF_ERROR(parse_table_class(body, table));
  if (const auto tags = body.find("Tags")) {
    PAGETURNER_ASSIGN_OR_RETURN(table.settings.tags, parse_tags(*tags));
  }
  table.deletion_protection = boolean_parameter(body, "DeletionProtectionEnabled", false);
  return table;
}

}  // namespace pageturner
