#include "server/operations/tables/transition_conflicts.h"

#include <algorithm>
#include <vector>

#include "protocol/text.h"
#include "server/operations/parameters.h"
#include "server/operations/stream_arn.h"

namespace pageturner {
namespace {

// Checks that the table is neither being created nor deleted.
Result<void> check_exists(const TableDescription& table, std::int64_t now) {
  switch (table.transition.at(now)) {
    case Status::creating:
      return still_in_use(concat("Table is being created: ", table.name));
    case Status::deleting:
      return still_in_use(concat("Table is being deleted: ", table.name));
    default:
      return {};
  }
}

// Returns the global indexes that have `status`, as messages list them: "[a, b]", or "" for none.
std::string indexes_in(const TableDescription& table, Status status, std::int64_t now) {
  std::vector<std::string_view> names;
  const auto add = [&](const IndexDescription& index) {
    if (!index.is_global || index.transition.at(now) != status) return;
    names.push_back(index.name);
  };
  for (const IndexDescription& index : table.indexes) add(index);
  for (const IndexDescription& index : table.deleted_indexes) add(index);
  return names.empty() ? "" : concat('[', join(names, ", "), ']');
}

// The changes of an UpdateTable request that may conflict with a transition.
struct RequestedChanges {
  bool throughput;
  bool stream;
  bool table_class;
  bool encryption;
  bool deletion_protection;
  bool on_demand_throughput;
  bool creates_or_deletes_index;
};

RequestedChanges requested_changes(JsonValue body) {
  RequestedChanges requested{body.find("ProvisionedThroughput") || body.find("BillingMode"),
                             body.find("StreamSpecification").has_value(),
                             body.find("TableClass").has_value(),
                             body.find("SSESpecification").has_value(),
                             body.find("DeletionProtectionEnabled").has_value(),
                             body.find("OnDemandThroughput").has_value(),
                             false};
  for (const JsonValue update : body.elements_of("GlobalSecondaryIndexUpdates")) {
    requested.creates_or_deletes_index |= update.find("Create") || update.find("Delete");
  }
  return requested;
}

Result<void> check_beside_throughput(const TableDescription& table,
                                     const RequestedChanges& requested) {
  const std::string subject = concat(" Table: ", table.name);
  if (requested.throughput) return still_in_use("Table IOPS are currently being updated.", subject);
  if (requested.stream) {
    return still_in_use("Can't enable or disable stream while table IOPS are being updated.",
                        subject);
  }
  if (requested.creates_or_deletes_index) {
    return still_in_use("Can't create or delete indexes while table IOPS are being updated.",
                        subject);
  }
  if (requested.on_demand_throughput) {
    return still_in_use(
        "OnDemandThroughput cannot be updated while BillingMode update is in progress");
  }
  return {};
}

Result<void> check_beside_stream(const TableDescription& table, const RequestedChanges& requested) {
  const std::string subject =
      concat(" Table: ", table.name,
             " Stream: ", stream_label({table.name, table.stream_created_milliseconds}),
             " Operation: ", table.stream_view_type.empty() ? "DISABLE" : "ENABLE");
  if (requested.stream)
    return still_in_use("A stream status change is currently in progress.", subject);
  if (requested.throughput) {
    return still_in_use("Can't change table IOPS when stream status is being updated.", subject);
  }
  if (requested.creates_or_deletes_index) {
    return still_in_use("Can't create or delete an index when stream status is being updated.",
                        subject);
  }
  if (requested.table_class) {
    return still_in_use("Can't update table class when stream status is being updated.", subject);
  }
  return {};
}

Result<void> check_beside_table_class(const TableDescription& table,
                                      const RequestedChanges& requested) {
  const std::string in_progress = concat(" TableClassUpdateInProgress: ", table.table_class);
  const std::string subject = concat(" Table: ", table.name, in_progress);
  if (requested.table_class) {
    return still_in_use("Can't update table class when a table class update is in progress.",
                        subject);
  }
  if (requested.stream) {
    return still_in_use("Can't change stream status when a table class update is in progress.",
                        subject);
  }
  if (requested.creates_or_deletes_index) {
    return still_in_use("Can't create or delete an index when a table class update is in progress.",
                        subject);
  }
  if (requested.on_demand_throughput) {
    return still_in_use(
        "OnDemandThroughput cannot be updated while TableClass update is in progress.",
        in_progress);
  }
  return {};
}

Result<void> check_beside_index(const TableDescription& table, const RequestedChanges& requested,
                                Status status, std::string_view word, std::int64_t now) {
  const std::string names = indexes_in(table, status, now);
  if (names.empty()) return {};
  const std::string subject =
      concat(" when an index is being ", word, ". Table: ", table.name, " Indexes: ", names);
  if (requested.throughput) return still_in_use("Can't change table IOPS", subject);
  if (requested.stream) return still_in_use("Can't change stream status", subject);
  if (requested.on_demand_throughput && status == Status::creating) {
    return still_in_use(
        "OnDemandThroughput cannot be updated while index creation is in progress for indexes: ",
        names);
  }
  return {};
}

// Checks a request that no text for a certain pair of changes refuses: a table that is being
// changed takes no other change. Source: api, UpdateTable; recorded answers.
Result<void> check_not_updating(const TableDescription& table, const RequestedChanges& requested,
                                std::int64_t now) {
  if (table.transition.at(now) != Status::updating) return {};
  if (requested.deletion_protection) {
    return Error{ErrorType::resource_in_use,
                 "Table needs to be in ACTIVE status to modify deletion protection setting."};
  }
  return still_in_use(concat("Table is being updated: ", table.name));
}

Result<void> check_named_index(const TableDescription& table, const IndexDescription& index,
                               JsonValue update, std::int64_t now) {
  const std::string subject = concat(" Table: ", table.name, " Index: ", index.name);
  // create_index refuses an index that exists already.
  if (update.find("Create") && index.transition.at(now) != Status::deleting) return {};
  switch (index.transition.at(now)) {
    case Status::creating:
      if (update.find("Update")) {
        return still_in_use("Index is being created but is not backfilling yet. ", subject);
      }
      return still_in_use(
          "Index creation is in resource allocation phase. Retry deletion during backfilling phase "
          "or when the index is active.",
          subject);
    case Status::deleting:
      return still_in_use("Index is being deleted.", subject);
    case Status::updating:
      return still_in_use("Index is being updated. ", subject);
    case Status::active:
      break;
  }
  return {};
}

// Checks the transitions of the indexes that the request names.
Result<void> check_named_indexes(const TableDescription& table, JsonValue body, std::int64_t now) {
  for (const JsonValue update : body.elements_of("GlobalSecondaryIndexUpdates")) {
    for (const std::string_view action : {"Update", "Create", "Delete"}) {
      const auto json = update.find(action);
      if (!json) continue;
      for (const auto* indexes : {&table.indexes, &table.deleted_indexes}) {
        for (const IndexDescription& index : *indexes) {
          if (index.name != text_parameter(*json, "IndexName")) continue;
          PAGETURNER_RETURN_IF_ERROR(check_named_index(table, index, update, now));
        }
      }
    }
  }
  return {};
}

}  // namespace

Error still_in_use(std::string_view text, std::string_view subject) {
  return {ErrorType::resource_in_use,
          concat("Attempt to change a resource which is still in use: ", text, subject)};
}

Result<void> check_deletable(const TableDescription& table, std::int64_t now) {
  PAGETURNER_RETURN_IF_ERROR(check_exists(table, now));
  for (const Status status : {Status::creating, Status::updating, Status::deleting}) {
    if (indexes_in(table, status, now).empty()) continue;
    return still_in_use(
        "Cannot delete table while indexes are being created, updated, or deleted.");
  }
  if (table.transition.at(now) == Status::active) return {};
  if (table.transition.cause == Transition::Cause::stream) {
    return still_in_use("Cannot delete table while stream is being enabled/disabled.");
  }
  return still_in_use(concat("Table: ", table.name, " is in the process of being updated."));
}

Result<void> check_changeable(const TableDescription& table, JsonValue body, std::int64_t now) {
  PAGETURNER_RETURN_IF_ERROR(check_exists(table, now));
  const RequestedChanges requested = requested_changes(body);
  if (table.transition.at(now) == Status::updating) {
    switch (table.transition.cause) {
      case Transition::Cause::throughput:
        PAGETURNER_RETURN_IF_ERROR(check_beside_throughput(table, requested));
        break;
      case Transition::Cause::stream:
        PAGETURNER_RETURN_IF_ERROR(check_beside_stream(table, requested));
        break;
      case Transition::Cause::table_class:
        PAGETURNER_RETURN_IF_ERROR(check_beside_table_class(table, requested));
        break;
      case Transition::Cause::encryption:
        if (!requested.encryption) break;
        return still_in_use("Server-Side Encryption is still being updated");
      case Transition::Cause::none:
        break;
    }
  }
  PAGETURNER_RETURN_IF_ERROR(
      check_beside_index(table, requested, Status::creating, "created", now));
  PAGETURNER_RETURN_IF_ERROR(
      check_beside_index(table, requested, Status::deleting, "deleted", now));
  PAGETURNER_RETURN_IF_ERROR(check_named_indexes(table, body, now));
  const bool another = !indexes_in(table, Status::creating, now).empty() ||
                       !indexes_in(table, Status::deleting, now).empty();
  if (requested.creates_or_deletes_index && another) return one_index_at_a_time();
  return check_not_updating(table, requested, now);
}

Error one_index_at_a_time() {
  return {ErrorType::limit_exceeded,
          "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously "
          "per table"};
}

}  // namespace pageturner
