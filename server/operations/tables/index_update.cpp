#include "server/operations/tables/index_update.h"

#include <algorithm>
#include <array>
#include <set>

#include "protocol/limits.h"
#include "protocol/text.h"
#include "server/operations/parameters.h"
#include "server/operations/tables/key_schema_input.h"
#include "server/operations/tables/table_settings_input.h"
#include "server/operations/tables/throughput_change.h"
#include "server/operations/tables/transition_conflicts.h"

namespace pageturner {
namespace {

constexpr std::array<std::string_view, 3> actions = {"Update", "Create", "Delete"};

// Calls `visit(action, json)` for each action of each entry.
template <class Visit>
Result<void> for_each_action(JsonValue body, Visit visit) {
  for (const JsonValue update : body.elements_of("GlobalSecondaryIndexUpdates")) {
    for (const std::string_view action : actions) {
      if (const auto json = update.find(action)) PAGETURNER_RETURN_IF_ERROR(visit(action, *json));
    }
  }
  return {};
}

using IndexIterator = std::vector<IndexDescription>::iterator;

IndexIterator find_index(TableDescription& table, std::string_view name) {
  return std::find_if(table.indexes.begin(), table.indexes.end(),
                      [&](const IndexDescription& index) { return index.name == name; });
}

// Returns the global index that an Update or Delete names. `verb` is for messages.
Result<IndexIterator> find_global_index(TableDescription& table, JsonValue json,
                                        std::string_view verb) {
  const std::string name(text_parameter(json, "IndexName"));
  const IndexIterator index = find_index(table, name);
  if (index == table.indexes.end()) {
    return Error{ErrorType::resource_not_found,
                 concat("Requested resource not found: Index ", name, " for table ", table.name)};
  }
  if (index->is_global) return index;
  return validation_error(
      concat("Cannot ", verb, " an index that is not a GlobalSecondaryIndex: ", name));
}

// Checks that `added` gives no key attribute of `table` another type.
Result<void> check_not_redefined(const TableDescription& table, const KeySchema& added) {
  const auto types = key_types(table);
  const auto format_element = [](const std::string& name, ScalarType type, std::string_view role) {
    return concat("Schema:[SchemaElement: key{", name, ":", scalar_descriptor(type), ":", role,
                  "}]");
  };
  for (const auto& [part, role] : {std::pair(&added.partition, "HASH"), {&added.sort, "RANGE"}}) {
    for (const KeyAttribute& attribute : *part) {
      const auto known = types.find(attribute.name);
      if (known == types.end() || known->second == attribute.type) continue;
      return invalid_parameter(concat(
          "Attributes cannot be redefined. Please check that your attribute has the same type as "
          "previously defined. Existing schema: ",
          format_element(attribute.name, known->second, role),
          " New schema: ", format_element(attribute.name, attribute.type, role)));
    }
  }
  return {};
}

Error both_units_required(std::string_view index_name) {
  return invalid_parameter(concat(
      "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: ", index_name));
}

// Reads the throughput of a created index of `table`.
Result<void> parse_added_throughput(JsonValue json, const TableDescription& table,
                                    IndexDescription& index, std::string_view region) {
  const auto throughput = json.find("ProvisionedThroughput");
  if (table.billing_mode == BillingMode::pay_per_request) {
    if (throughput) {
      return invalid_parameter(
          concat("Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: ",
                 index.name, " when BillingMode is PAY_PER_REQUEST"));
    }
  } else {
    if (!throughput) {
      return both_units_required(index.name);
    }
    PAGETURNER_ASSIGN_OR_RETURN(index.throughput, parse_throughput(*throughput));
    PAGETURNER_RETURN_IF_ERROR(check_throughput_quota(index.throughput, {index.name, region}));
  }
  PAGETURNER_ASSIGN_OR_RETURN(
      index.on_demand_throughput,
      parse_on_demand(json, table.billing_mode, concat("index : ", index.name)));
  index.warm_throughput = parse_warm(json);
  return {};
}

Result<void> create_index(TableDescription& table, JsonValue body, JsonValue json,
                          const ChangeTime& time, std::string_view region) {
  IndexDescription index;
  index.name = text_parameter(json, "IndexName");
  index.is_global = true;
  if (find_index(table, index.name) != table.indexes.end()) {
    return validation_error("Attempting to create an index which already exists");
  }
  const auto definitions = body.find("AttributeDefinitions");
  if (!definitions || definitions->size() == 0) {
    return invalid_parameter(
        concat("AttributeDefinitions is not specified for index: ", index.name));
  }
  PAGETURNER_ASSIGN_OR_RETURN(
      index.key_schema,
      parse_key_schema(json.find("KeySchema").value(), parse_attribute_definitions(*definitions),
                       KeySchemaOwner::added_index));
  PAGETURNER_RETURN_IF_ERROR(check_not_redefined(table, index.key_schema));
  PAGETURNER_ASSIGN_OR_RETURN(index.projection, parse_projection(json));
  PAGETURNER_RETURN_IF_ERROR(parse_added_throughput(json, table, index, region));
  const auto global = std::count_if(table.indexes.begin(), table.indexes.end(),
                                    [](const IndexDescription& known) { return known.is_global; });
  if (static_cast<std::size_t>(global) >= limits::global_indexes_max) {
    return Error{ErrorType::limit_exceeded,
                 concat("Subscriber limit exceeded: Number of global secondary indexes exceeds "
                        "per-table limit of ",
                        limits::global_indexes_max)};
  }
  index.transition = time.transition(Status::creating);
  table.indexes.push_back(std::move(index));
  return {};
}

Result<void> delete_index(TableDescription& table, JsonValue json, const ChangeTime& time) {
  PAGETURNER_ASSIGN_OR_RETURN(const IndexIterator index, find_global_index(table, json, "delete"));
  if (time.transition_milliseconds > 0) {
    table.deleted_indexes.push_back(*index);
    table.deleted_indexes.back().transition = time.transition(Status::deleting);
  }
  std::erase_if(table.contributor_insights, [&](const ContributorInsights& insights) {
    return insights.index_name == index->name;
  });
  table.indexes.erase(index);
  return {};
}

Result<void> update_index(TableDescription& table, JsonValue json, const ChangeTime& time,
                          std::string_view region) {
  PAGETURNER_ASSIGN_OR_RETURN(const IndexIterator index, find_global_index(table, json, "update"));
  const auto throughput = json.find("ProvisionedThroughput");
  const bool has_other = json.find("OnDemandThroughput") || json.find("WarmThroughput");
  if (table.billing_mode == BillingMode::pay_per_request && (throughput || !has_other)) {
    return invalid_parameter(
        concat("The only Updates for index: ", index->name,
               " when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, "
               "WarmThroughput"));
  }
  if (!throughput && !has_other) {
    return both_units_required(index->name);
  }
  const WarmThroughput warm =
      warm_throughput_of(index->warm_throughput, table.billing_mode, index->throughput);
  if (throughput) {
    PAGETURNER_ASSIGN_OR_RETURN(const ProvisionedThroughput requested,
                                parse_throughput(*throughput));
    PAGETURNER_RETURN_IF_ERROR(change_throughput(index->throughput, index->throughput_history,
                                                 requested, {index->name, region}, time));
    retain_warm_throughput(index->warm_throughput, warm, requested);
  }
  PAGETURNER_ASSIGN_OR_RETURN(
      const auto on_demand,
      parse_on_demand(json, table.billing_mode, concat("index : ", index->name)));
  if (on_demand) merge_on_demand(index->on_demand_throughput, *on_demand);
  PAGETURNER_RETURN_IF_ERROR(change_warm_throughput(
      index->warm_throughput, json,
      warm_throughput_of(index->warm_throughput, table.billing_mode, index->throughput),
      concat("index ", index->name)));
  if (throughput) index->transition = time.transition(Status::updating);
  return {};
}

}  // namespace

Result<void> check_index_updates(JsonValue body) {
  std::set<std::string_view> names;
  for (const JsonValue update : body.elements_of("GlobalSecondaryIndexUpdates")) {
    std::size_t count = 0;
    std::string_view name;
    for (const std::string_view action : actions) {
      const auto json = update.find(action);
      if (!json) continue;
      ++count;
      name = text_parameter(*json, "IndexName");
      const auto warm = json->find("WarmThroughput");
      if (action == "Update" && warm && !warm->find("ReadUnitsPerSecond") &&
          !warm->find("WriteUnitsPerSecond")) {
        return invalid_parameter(
            concat("WarmThroughput must have at least one of ReadUnitsPerSecond or "
                   "WriteUnitsPerSecond specified for index: ",
                   name));
      }
    }
    if (count == 0) {
      return invalid_parameter(
          "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, "
          "GlobalSecondaryIndexUpdate.Delete must not be null");
    }
    if (count > 1) {
      return invalid_parameter(
          "Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate "
          "object");
    }
    if (!names.insert(name).second) {
      return invalid_parameter(concat(
          "Only one global secondary index update per index is allowed simultaneously. Index: ",
          name));
    }
  }
  return {};
}

std::vector<std::string_view> indexes_with_throughput(JsonValue body) {
  std::vector<std::string_view> names;
  // The visitor never fails.
  (void)for_each_action(body, [&](std::string_view action, JsonValue json) -> Result<void> {
    if (action == "Update" && json.find("ProvisionedThroughput")) {
      names.push_back(text_parameter(json, "IndexName"));
    }
    return {};
  });
  return names;
}

Result<void> update_indexes(TableDescription& table, JsonValue body, const ChangeTime& time,
                            std::string_view region) {
  std::size_t created_or_deleted = 0;
  PAGETURNER_RETURN_IF_ERROR(
      for_each_action(body, [&](std::string_view action, JsonValue) -> Result<void> {
        if (action != "Update" && ++created_or_deleted > 1) return one_index_at_a_time();
        return {};
      }));
  PAGETURNER_RETURN_IF_ERROR(
      for_each_action(body, [&](std::string_view action, JsonValue json) -> Result<void> {
        if (action == "Create") return create_index(table, body, json, time, region);
        if (action == "Delete") return delete_index(table, json, time);
        return update_index(table, json, time, region);
      }));
  if (created_or_deleted > 0) table.attribute_definitions = used_definitions(table);
  return {};
}

}  // namespace pageturner
