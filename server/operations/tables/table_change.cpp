#include "server/operations/tables/table_change.h"

#include <algorithm>
#include <utility>

#include "protocol/text.h"
#include "server/operations/parameters.h"
#include "server/operations/tables/index_update.h"
#include "server/operations/tables/table_settings_input.h"
#include "server/operations/tables/throughput_change.h"

namespace pageturner {
namespace {

// The members that change a table.
constexpr std::string_view changing_members[] = {"ProvisionedThroughput",
                                                 "BillingMode",
                                                 "StreamSpecification",
                                                 "GlobalSecondaryIndexUpdates",
                                                 "SSESpecification",
                                                 "ReplicaUpdates",
                                                 "DeletionProtectionEnabled",
                                                 "OnDemandThroughput",
                                                 "WarmThroughput",
                                                 "TableClass"};

// Whether `body` changes anything but `members`.
bool changes_other_than(JsonValue body, std::initializer_list<std::string_view> members) {
  return std::any_of(
      std::begin(changing_members), std::end(changing_members), [&](std::string_view name) {
        return body.find(name) && std::find(members.begin(), members.end(), name) == members.end();
      });
}

bool has_index_action(JsonValue body, std::string_view action) {
  const JsonElements updates = body.elements_of("GlobalSecondaryIndexUpdates");
  return std::any_of(updates.begin(), updates.end(),
                     [&](JsonValue update) { return update.find(action).has_value(); });
}

Result<void> check_something_to_update(JsonValue body) {
  const auto updates = body.find("GlobalSecondaryIndexUpdates");
  const bool no_updates = updates && updates->size() == 0;
  if (changes_other_than(body, {"GlobalSecondaryIndexUpdates"})) {
    if (no_updates) return invalid_parameter("List of GlobalSecondaryIndexUpdates is empty");
    return {};
  }
  if (updates && !no_updates) return {};
  return validation_error(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, "
      "GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, "
      "ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, "
      "OnDemandThroughput, WarmThroughput or TableClass is required");
}

// Checks the members that must be the only ones in a request, in the order of the service.
Result<void> check_sole_operations(JsonValue body) {
  constexpr std::pair<std::string_view, std::string_view> sole_members[] = {
      {"SSESpecification", "Server-Side Encryption modification must be"},
      {"TableClass", "TableClass modification must be"},
      {"DeletionProtectionEnabled", "DeletionProtection modification must be"},
      {"WarmThroughput", "WarmThroughput must be"},
      {"ReplicaUpdates", "Replica modification must be"}};
  if (body.find("WarmThroughput") && has_index_action(body, "Create")) {
    return invalid_parameter(
        "Create global secondary index cannot be specified when updating WarmThroughput");
  }
  for (const auto& [name, text] : sole_members) {
    if (body.find(name) && changes_other_than(body, {name})) {
      return invalid_parameter(concat(text, " the only operation in the request"));
    }
  }
  if (body.find("OnDemandThroughput") &&
      changes_other_than(body, {"OnDemandThroughput", "BillingMode"})) {
    return invalid_parameter(
        "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request");
  }
  return {};
}

Result<void> check_compatible_operations(JsonValue body) {
  const bool throughput = body.find("ProvisionedThroughput").has_value();
  const bool provisioned = text_parameter(body, "BillingMode") == "PROVISIONED";
  const bool stream = body.find("StreamSpecification").has_value();
  const bool index = has_index_action(body, "Create") || has_index_action(body, "Delete");
  if (stream && (throughput || provisioned)) {
    return invalid_parameter("You cannot modify stream status while updating table IOPS");
  }
  if (index && throughput) {
    return invalid_parameter("You cannot create or delete index while updating table IOPS");
  }
  if (index && stream) {
    return invalid_parameter("You cannot create or delete index while changing stream status");
  }
  return {};
}

// Checks that no table can have more units. The service checks this first.
Result<void> check_throughput_bounds(JsonValue body) {
  if (const auto throughput = body.find("ProvisionedThroughput")) {
    PAGETURNER_RETURN_IF_ERROR(parse_throughput(*throughput));
  }
  return {};
}

// Checks that a request that makes `table` PROVISIONED has the throughput of all its global
// indexes.
Result<void> check_all_indexes_provisioned(const TableDescription& table, JsonValue body) {
  const auto given = indexes_with_throughput(body);
  std::string missing;
  for (const IndexDescription& index : table.indexes) {
    if (!index.is_global || std::find(given.begin(), given.end(), index.name) != given.end()) {
      continue;
    }
    missing += concat(missing.empty() ? "" : ",", index.name);
  }
  if (missing.empty()) return {};
  return invalid_parameter(concat("ProvisionedThroughput must be specified for index: ", missing));
}

void become_pay_per_request(TableDescription& table, const ChangeTime& time) {
  table.billing_mode = BillingMode::pay_per_request;
  table.pay_per_request_milliseconds = time.now_milliseconds;
  drop_throughput(table.throughput, table.throughput_history, time);
  for (IndexDescription& index : table.indexes) {
    if (!index.is_global) continue;
    drop_throughput(index.throughput, index.throughput_history, time);
    index.transition = time.transition(Status::updating);
  }
}

// The warm throughput of the table and its indexes does not decrease.
void become_provisioned(TableDescription& table, const ProvisionedThroughput& throughput,
                        const ChangeTime& time) {
  const auto end_on_demand = [&](auto& owner, const ProvisionedThroughput& units) {
    retain_warm_throughput(
        owner.warm_throughput,
        warm_throughput_of(owner.warm_throughput, table.billing_mode, owner.throughput), units);
    owner.on_demand_throughput.reset();
  };
  end_on_demand(table, throughput);
  for (IndexDescription& index : table.indexes) {
    if (index.is_global) end_on_demand(index, {});
  }
  table.billing_mode = BillingMode::provisioned;
  table.throughput_history.before = std::exchange(table.throughput, throughput);
  table.throughput_history.increased_milliseconds = time.now_milliseconds;
}

Result<void> change_billing(TableDescription& table, JsonValue body, const ChangeTime& time,
                            std::string_view region) {
  const std::string_view mode = text_parameter(body, "BillingMode");
  const auto throughput = body.find("ProvisionedThroughput");
  const bool was_on_demand = table.billing_mode == BillingMode::pay_per_request;
  if (mode == "PAY_PER_REQUEST" && throughput) {
    return invalid_parameter(
        "ProvisionedThroughput cannot be specified when BillingMode is PAY_PER_REQUEST");
  }
  if (mode.empty() && was_on_demand && throughput) {
    return invalid_parameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (mode == "PROVISIONED" && !throughput) {
    return invalid_parameter(
        "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
  }
  if (mode == "PAY_PER_REQUEST" && !was_on_demand) become_pay_per_request(table, time);
  if (throughput) {
    PAGETURNER_ASSIGN_OR_RETURN(const ProvisionedThroughput requested,
                                parse_throughput(*throughput));
    if (was_on_demand) {
      PAGETURNER_RETURN_IF_ERROR(check_all_indexes_provisioned(table, body));
      PAGETURNER_RETURN_IF_ERROR(check_throughput_quota(requested, {"", region}));
      become_provisioned(table, requested, time);
    } else {
      const WarmThroughput warm =
          warm_throughput_of(table.warm_throughput, table.billing_mode, table.throughput);
      PAGETURNER_RETURN_IF_ERROR(change_throughput(table.throughput, table.throughput_history,
                                                   requested, {"", region}, time));
      retain_warm_throughput(table.warm_throughput, warm, requested);
    }
  }
  if (throughput || !mode.empty()) {
    table.transition = time.transition(Status::updating, Transition::Cause::throughput);
  }
  return {};
}

Result<void> change_stream(TableDescription& table, JsonValue body, const ChangeTime& time) {
  const auto json = body.find("StreamSpecification");
  if (!json) return {};
  const std::string_view view_type = text_parameter(*json, "StreamViewType");
  if (boolean_parameter(*json, "StreamEnabled", false)) {
    if (view_type.empty()) {
      return invalid_parameter("If stream is being enabled then UpdateViewType is required");
    }
    if (!table.stream_view_type.empty()) {
      return validation_error(
          concat("Table already has an enabled stream: TableName: ", table.name));
    }
  } else {
    if (!view_type.empty()) {
      return invalid_parameter(
          "If stream is being disabled, then UpdateViewType must not be specified");
    }
    if (table.stream_view_type.empty()) {
      return validation_error(concat("Table has no stream to disable: TableName: ", table.name));
    }
  }
  table.stream_view_type = view_type;
  table.transition = time.transition(Status::updating, Transition::Cause::stream);
  return {};
}

Result<void> change_encryption(TableDescription& table, JsonValue body, const ChangeTime& time) {
  const auto json = body.find("SSESpecification");
  if (!json) return {};
  const bool was_enabled = table.sse_enabled;
  std::string key_before = table.sse_kms_key_id;
  PAGETURNER_RETURN_IF_ERROR(parse_sse(body, table));
  if (!table.sse_enabled && !was_enabled) {
    return invalid_parameter("Table is already encrypted by default");
  }
  if (!table.sse_enabled) table.sse_kms_key_id = std::move(key_before);
  table.transition = time.transition(Status::updating, Transition::Cause::encryption);
  return {};
}

Result<void> change_table_class(TableDescription& table, JsonValue body, const ChangeTime& time) {
  if (!body.find("TableClass")) return {};
  const std::string before = table.table_class;
  PAGETURNER_RETURN_IF_ERROR(parse_table_class(body, table));
  const bool stays =
      before == table.table_class || (before.empty() && table.table_class == "STANDARD");
  if (stays) {
    table.table_class = before;
    return {};
  }
  table.table_class_changed_milliseconds = time.now_milliseconds;
  table.transition = time.transition(Status::updating, Transition::Cause::table_class);
  return {};
}

Result<void> check_replicas(JsonValue body) {
  const auto updates = body.find("ReplicaUpdates");
  if (!updates) return {};
  for (const JsonValue update : updates->elements()) {
    if (update.find("Create") || update.find("Update") || update.find("Delete")) continue;
    return validation_error(
        "There are no actions specified in the Replica Update Action of the request.");
  }
  // The message is our own. Pageturner has one region only.
  return invalid_parameter("ReplicaUpdates are not supported: there is one region only");
}

}  // namespace

Result<void> check_table_change(JsonValue body) {
  PAGETURNER_RETURN_IF_ERROR(check_throughput_bounds(body));
  PAGETURNER_RETURN_IF_ERROR(check_something_to_update(body));
  PAGETURNER_RETURN_IF_ERROR(check_index_updates(body));
  PAGETURNER_RETURN_IF_ERROR(check_sole_operations(body));
  PAGETURNER_RETURN_IF_ERROR(check_compatible_operations(body));
  return check_replicas(body);
}

Result<TableDescription> changed_table(const TableDescription& before, JsonValue body,
                                       const ChangeTime& time, std::string_view region) {
  TableDescription table = before;
  std::erase_if(table.deleted_indexes, [&](const IndexDescription& index) {
    return index.transition.is_over(time.now_milliseconds);
  });
  // Every change is a transition, whatever it changes; some have a cause besides. Source: api,
  // UpdateTable.
  table.transition = time.transition(Status::updating);
  table.throughput_history.before.reset();
  for (IndexDescription& index : table.indexes) index.throughput_history.before.reset();
  PAGETURNER_RETURN_IF_ERROR(change_billing(table, body, time, region));
  PAGETURNER_RETURN_IF_ERROR(update_indexes(table, body, time, region));
  PAGETURNER_ASSIGN_OR_RETURN(const auto on_demand,
                              parse_on_demand(body, table.billing_mode, "table"));
  if (on_demand) merge_on_demand(table.on_demand_throughput, *on_demand);
  PAGETURNER_RETURN_IF_ERROR(change_warm_throughput(
      table.warm_throughput, body,
      warm_throughput_of(table.warm_throughput, table.billing_mode, table.throughput), "table"));
  PAGETURNER_RETURN_IF_ERROR(change_stream(table, body, time));
  PAGETURNER_RETURN_IF_ERROR(change_encryption(table, body, time));
  PAGETURNER_RETURN_IF_ERROR(change_table_class(table, body, time));
  table.deletion_protection =
      boolean_parameter(body, "DeletionProtectionEnabled", table.deletion_protection);
  return table;
}

}  // namespace pageturner
