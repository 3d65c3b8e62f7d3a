#include "server/operations/tables/table_output.h"

#include <array>

#include "protocol/arn.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/key_schema_output.h"
#include "server/operations/streams/stream_identifiers.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

void append_definitions(std::string& out, const std::vector<KeyAttribute>& definitions) {
  append_list(out, definitions, [](std::string& list, const KeyAttribute& definition) {
    ObjectWriter object(list);
    object.text("AttributeName", definition.name);
    object.text("AttributeType", scalar_descriptor(definition.type));
  });
}

std::string_view status_name(Status status) {
  constexpr std::array<std::string_view, 4> names = {"ACTIVE", "CREATING", "UPDATING", "DELETING"};
  return names[static_cast<std::size_t>(status)];
}

void append_throughput(std::string& out, const ProvisionedThroughput& throughput,
                       const ThroughputHistory& history, std::int64_t now) {
  constexpr std::int64_t day_milliseconds = 86'400'000;
  const auto day = [](std::int64_t milliseconds) { return milliseconds / day_milliseconds; };
  const bool decreased_today =
      history.decreased_milliseconds && day(*history.decreased_milliseconds) == day(now);
  ObjectWriter object(out);
  if (history.decreased_milliseconds) {
    object.time("LastDecreaseDateTime", *history.decreased_milliseconds);
  }
  if (history.increased_milliseconds) {
    object.time("LastIncreaseDateTime", *history.increased_milliseconds);
  }
  object.number("NumberOfDecreasesToday", decreased_today ? history.decreases_today : 0);
  object.number("ReadCapacityUnits", throughput.read_capacity_units);
  object.number("WriteCapacityUnits", throughput.write_capacity_units);
}

void write_warm(ObjectWriter& owner, const WarmThroughput& warm) {
  ObjectWriter object(owner.member("WarmThroughput"));
  object.number("ReadUnitsPerSecond", warm.read_units_per_second);
  object.text("Status", "ACTIVE");
  object.number("WriteUnitsPerSecond", warm.write_units_per_second);
}

// An index in a description.
struct IndexInfo {
  const IndexDescription* description;
  const Counters* counters;
  Status status;
};

void append_index(std::string& out, const IndexInfo& index, BillingMode billing_mode,
                  const std::string& table_arn, std::int64_t now) {
  const IndexDescription& description = *index.description;
  ObjectWriter object(out);
  if (description.is_global && index.status == Status::creating)
    object.boolean("Backfilling", false);
  object.text("IndexArn", concat(table_arn, "/index/", description.name));
  object.text("IndexName", description.name);
  object.number("IndexSizeBytes", index.counters->size_bytes);
  if (description.is_global) object.text("IndexStatus", status_name(index.status));
  object.number("ItemCount", index.counters->item_count);
  append_key_schema(object.member("KeySchema"), description.key_schema);
  if (description.is_global) write_on_demand(object, description.on_demand_throughput);
  append_projection(object.member("Projection"), description.projection);
  if (!description.is_global) return;
  append_throughput(object.member("ProvisionedThroughput"), description.throughput,
                    description.throughput_history, now);
  write_warm(object,
             warm_throughput_of(description.warm_throughput, billing_mode, description.throughput));
}

void write_indexes(ObjectWriter& object, const Table& table, bool global,
                   const std::string& table_arn, std::int64_t now) {
  static const Counters no_items;
  std::vector<IndexInfo> indexes;
  for (const auto& index : table.indexes) {
    const IndexDescription& description = index->description;
    if (description.is_global != global) continue;
    indexes.push_back({&description, index->counters.get(), description.transition.at(now)});
  }
  for (const IndexDescription& index : table.description.deleted_indexes) {
    if (!global || index.transition.is_over(now)) continue;
    indexes.push_back({&index, &no_items, Status::deleting});
  }
  if (indexes.empty()) return;
  append_list(object.member(index_list_name(global)), indexes,
              [&](std::string& list, const IndexInfo& index) {
                append_index(list, index, table.description.billing_mode, table_arn, now);
              });
}

void write_stream(ObjectWriter& object, const TableDescription& description,
                  std::string_view region) {
  if (description.stream_created_milliseconds == 0) return;
  const StreamName stream{description.name, description.stream_created_milliseconds};
  object.text("LatestStreamArn", stream_arn(stream, region));
  object.text("LatestStreamLabel", stream_label(stream));
  if (description.stream_view_type.empty()) return;
  ObjectWriter specification(object.member("StreamSpecification"));
  specification.boolean("StreamEnabled", true);
  specification.text("StreamViewType", description.stream_view_type);
}

void write_settings(ObjectWriter& object, const TableDescription& description,
                    std::string_view region) {
  // The service omits the summary if the table was never PAY_PER_REQUEST.
  if (description.pay_per_request_milliseconds) {
    ObjectWriter summary(object.member("BillingModeSummary"));
    summary.text("BillingMode", description.billing_mode == BillingMode::pay_per_request
                                    ? "PAY_PER_REQUEST"
                                    : "PROVISIONED");
    summary.time("LastUpdateToPayPerRequestDateTime", *description.pay_per_request_milliseconds);
  }
  write_encryption(object, description, region);
  if (!description.table_class.empty()) {
    ObjectWriter summary(object.member("TableClassSummary"));
    if (description.table_class_changed_milliseconds) {
      summary.time("LastUpdateDateTime", *description.table_class_changed_milliseconds);
    }
    summary.text("TableClass", description.table_class);
  }
}

// Only while the table has the status CREATING.
void write_restore(ObjectWriter& object, const RestoreSource& source, std::string_view region) {
  const std::string arn = table_arn(source.table_name, region);
  ObjectWriter summary(object.member("RestoreSummary"));
  summary.time("RestoreDateTime", source.restored_milliseconds);
  summary.boolean("RestoreInProgress", true);
  if (!source.backup_id.empty()) {
    summary.text("SourceBackupArn", concat(arn, "/backup/", source.backup_id));
  }
  summary.text("SourceTableArn", arn);
}

}  // namespace

void append_projection(std::string& out, const IndexProjection& projection) {
  constexpr std::array<std::string_view, 3> types = {"ALL", "KEYS_ONLY", "INCLUDE"};
  ObjectWriter object(out);
  if (projection.type == ProjectionType::include) {
    append_list(object.member("NonKeyAttributes"), projection.non_key_attributes,
                append_json_string);
  }
  object.text("ProjectionType", types[static_cast<std::size_t>(projection.type)]);
}

void write_on_demand(MemberWriter& owner, const std::optional<OnDemandThroughput>& throughput) {
  if (!throughput) return;
  ObjectWriter object(owner.member("OnDemandThroughput"));
  if (throughput->max_read_request_units) {
    object.number("MaxReadRequestUnits", *throughput->max_read_request_units);
  }
  if (throughput->max_write_request_units) {
    object.number("MaxWriteRequestUnits", *throughput->max_write_request_units);
  }
}

void write_encryption(MemberWriter& object, const TableDescription& description,
                      std::string_view region) {
  if (!description.sse_enabled) return;
  const std::string key_arn_prefix = concat("arn:aws:kms:", region, ":000000000000:");
  const std::string& key = description.sse_kms_key_id;
  ObjectWriter sse(object.member("SSEDescription"));
  sse.text("KMSMasterKeyArn", key.starts_with("arn:") ? key
                              : key.empty()           ? concat(key_arn_prefix, "alias/aws/dynamodb")
                              : key.starts_with("alias/") ? concat(key_arn_prefix, key)
                                                          : concat(key_arn_prefix, "key/", key));
  sse.text("SSEType", "KMS");
  sse.text("Status", "ENABLED");
}

void append_table_description(std::string& out, const Table& table, std::string_view region,
                              std::optional<Status> status) {
  const TableDescription& description = table.description;
  const std::int64_t now = now_milliseconds();
  const std::string arn = table_arn(description.name, region);
  ObjectWriter object(out);
  append_definitions(object.member("AttributeDefinitions"), description.attribute_definitions);
  object.time("CreationDateTime", description.created_milliseconds);
  object.boolean("DeletionProtectionEnabled", description.deletion_protection);
  write_indexes(object, table, true, arn, now);
  object.number("ItemCount", table.counters->item_count);
  append_key_schema(object.member("KeySchema"), description.key_schema);
  write_indexes(object, table, false, arn, now);
  write_on_demand(object, description.on_demand_throughput);
  append_throughput(object.member("ProvisionedThroughput"), description.throughput,
                    description.throughput_history, now);
  const Status current_status = status.value_or(description.transition.at(now));
  if (description.restored_from && current_status == Status::creating) {
    write_restore(object, *description.restored_from, region);
  }
  write_stream(object, description, region);
  write_settings(object, description, region);
  object.text("TableArn", arn);
  object.text("TableId", description.id);
  object.text("TableName", description.name);
  object.number("TableSizeBytes", table.counters->size_bytes);
  object.text("TableStatus", status_name(current_status));
  write_warm(object, warm_throughput_of(description.warm_throughput, description.billing_mode,
                                        description.throughput));
}

}  // namespace pageturner
