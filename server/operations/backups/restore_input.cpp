#include "server/operations/backups/restore_input.h"

#include <algorithm>
#include <boost/uuid/random_generator.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "protocol/text.h"
#include "server/operations/parameters.h"
#include "server/operations/tables/key_schema_input.h"
#include "server/operations/tables/table_input.h"
#include "server/operations/tables/table_settings_input.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

Result<void> override_billing(TableDescription& table, JsonValue body) {
  const std::string_view mode = text_parameter(body, "BillingModeOverride");
  const auto throughput = body.find("ProvisionedThroughputOverride");
  if (mode == "PAY_PER_REQUEST" && throughput) {
    return invalid_request(
        "Cannot override ProvisionedThroughput if BillingMode is overridden to PAY_PER_REQUEST");
  }
  if (mode == "PROVISIONED" && !throughput) {
    return invalid_request(
        "Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED");
  }
  if (mode.empty() && throughput && table.billing_mode == BillingMode::pay_per_request) {
    return invalid_request(
        "Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED");
  }
  if (throughput) {
    PAGETURNER_ASSIGN_OR_RETURN(table.throughput, parse_throughput(*throughput));
    table.billing_mode = BillingMode::provisioned;
    table.on_demand_throughput.reset();
    for (IndexDescription& index : table.indexes) index.on_demand_throughput.reset();
  } else if (mode == "PAY_PER_REQUEST") {
    table.billing_mode = BillingMode::pay_per_request;
    table.throughput = {};
    for (IndexDescription& index : table.indexes) index.throughput = {};
  }
  return {};
}

bool same_attributes(const std::vector<KeyAttribute>& left,
                     const std::vector<KeyAttribute>& right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const KeyAttribute& a, const KeyAttribute& b) { return a.name == b.name; });
}

bool same_index(const IndexDescription& left, const IndexDescription& right) {
  return left.is_global == right.is_global &&
         same_attributes(left.key_schema.partition, right.key_schema.partition) &&
         same_attributes(left.key_schema.sort, right.key_schema.sort) &&
         left.projection.type == right.projection.type &&
         left.projection.non_key_attributes == right.projection.non_key_attributes;
}

// Reads an index of the new table. It must be equal to an index of the source except for its name.
Result<IndexDescription> parse_override(const TableDescription& source,
                                        const TableDescription& table, JsonValue json,
                                        bool global) {
  IndexDescription index;
  index.name = text_parameter(json, "IndexName");
  index.is_global = global;
  PAGETURNER_ASSIGN_OR_RETURN(
      index.key_schema,
      parse_key_schema(json.find("KeySchema").value(), source.attribute_definitions,
                       global ? KeySchemaOwner::global_index : KeySchemaOwner::local_index));
  PAGETURNER_ASSIGN_OR_RETURN(index.projection, parse_projection(json));
  const auto known =
      std::find_if(source.indexes.begin(), source.indexes.end(),
                   [&](const IndexDescription& candidate) { return same_index(candidate, index); });
  if (known == source.indexes.end()) {
    return invalid_request(
        concat("Index ", index.name,
               " does not match a secondary index that existed in the source table and cannot be "
               "created during the restore operation"));
  }
  const auto throughput = json.find("ProvisionedThroughput");
  if (!global || table.billing_mode == BillingMode::pay_per_request) return index;
  if (!throughput) {
    return invalid_request(concat("Must specify provisioned throughput for index ", index.name));
  }
  PAGETURNER_ASSIGN_OR_RETURN(index.throughput, parse_throughput(*throughput));
  return index;
}

Result<void> override_indexes(const TableDescription& source, TableDescription& table,
                              JsonValue body, bool global) {
  const auto list =
      body.find(global ? "GlobalSecondaryIndexOverride" : "LocalSecondaryIndexOverride");
  if (!list) return {};
  std::erase_if(table.indexes,
                [&](const IndexDescription& index) { return index.is_global == global; });
  for (const JsonValue element : list->elements()) {
    PAGETURNER_ASSIGN_OR_RETURN(IndexDescription index,
                                parse_override(source, table, element, global));
    const auto position = global ? table.indexes.end() : table.indexes.begin();
    table.indexes.insert(position, std::move(index));
  }
  table.attribute_definitions = used_definitions(table);
  return {};
}

Result<void> override_on_demand(TableDescription& table, JsonValue body) {
  const auto json = body.find("OnDemandThroughputOverride");
  if (!json) return {};
  const auto take = [&](std::string_view name,
                        std::optional<std::int64_t>& maximum) -> Result<void> {
    const auto units = json->find(name);
    if (!units) return {};
    if (text_parameter(body, "BillingModeOverride") != "PAY_PER_REQUEST") {
      return invalid_request(
          concat("Cannot override ", name,
                 " for OnDemandThroughput unless BillingModeOverride is PAY_PER_REQUEST"));
    }
    maximum = units->as_integer();
    if (*maximum >= 1) return {};
    return invalid_request(
        concat("Requested ", name, " for OnDemandThroughput is outside of valid range"));
  };
  OnDemandThroughput throughput;
  PAGETURNER_RETURN_IF_ERROR(take("MaxReadRequestUnits", throughput.max_read_request_units));
  PAGETURNER_RETURN_IF_ERROR(take("MaxWriteRequestUnits", throughput.max_write_request_units));
  const bool any = throughput.max_read_request_units || throughput.max_write_request_units;
  if (any) table.on_demand_throughput = throughput;
  return {};
}

// Indexes copied from a PAY_PER_REQUEST table have no throughput; a PROVISIONED table requires it.
Result<void> check_indexes_provisioned(const TableDescription& table) {
  for (const IndexDescription& index : table.indexes) {
    if (table.billing_mode == BillingMode::provisioned && index.is_global &&
        index.throughput.read_capacity_units == 0) {
      return invalid_request(concat("Must specify provisioned throughput for index ", index.name));
    }
  }
  return {};
}

Result<void> override_encryption(TableDescription& table, JsonValue body) {
  const auto json = body.find("SSESpecificationOverride");
  if (!json) return {};
  return parse_sse_specification(*json, table);
}

}  // namespace

Result<TableDescription> restored_table(const TableDescription& source, JsonValue body) {
  TableDescription table;
  table.name = text_parameter(body, "TargetTableName");
  table.id = to_string(boost::uuids::random_generator()());
  table.created_milliseconds = now_milliseconds();
  table.attribute_definitions = source.attribute_definitions;
  table.key_schema = source.key_schema;
  for (const IndexDescription& index : source.indexes) {
    IndexDescription copy;
    copy.name = index.name;
    copy.is_global = index.is_global;
    copy.key_schema = index.key_schema;
    copy.projection = index.projection;
    copy.throughput = index.throughput;
    copy.on_demand_throughput = index.on_demand_throughput;
    table.indexes.push_back(std::move(copy));
  }
  table.billing_mode = source.billing_mode;
  table.throughput = source.throughput;
  table.on_demand_throughput = source.on_demand_throughput;
  table.sse_enabled = source.sse_enabled;
  table.sse_kms_key_id = source.sse_kms_key_id;
  PAGETURNER_RETURN_IF_ERROR(override_billing(table, body));
  PAGETURNER_RETURN_IF_ERROR(override_indexes(source, table, body, false));
  PAGETURNER_RETURN_IF_ERROR(override_indexes(source, table, body, true));
  PAGETURNER_RETURN_IF_ERROR(check_index_counts(table));
  PAGETURNER_RETURN_IF_ERROR(check_indexes_provisioned(table));
  PAGETURNER_RETURN_IF_ERROR(override_on_demand(table, body));
  PAGETURNER_RETURN_IF_ERROR(override_encryption(table, body));
  if (table.billing_mode == BillingMode::pay_per_request) {
    table.pay_per_request_milliseconds = table.created_milliseconds;
  }
  return table;
}

}  // namespace pageturner
