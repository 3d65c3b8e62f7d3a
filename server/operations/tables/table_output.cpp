#include "server/operations/tables/table_output.h"

#include <array>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid_io.hpp>

#include "protocol/arn.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/key_schema_output.h"
#include "server/operations/stream_arn.h"
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

// The state of a table, or of one of its indexes, at the time of a description.
struct View {
  DescriptionUse use;
  Status status;
  std::int64_t now_milliseconds;
};

// Until the transition of a change is over, the units before it are shown. Source: recorded
// answers.
void append_throughput(std::string& out, const ProvisionedThroughput& throughput,
                       const ThroughputHistory& history, const View& view) {
  constexpr std::int64_t day_milliseconds = 86'400'000;
  const auto day = [](std::int64_t milliseconds) { return milliseconds / day_milliseconds; };
  const bool decreased_today = history.decreased_milliseconds &&
                               day(*history.decreased_milliseconds) == day(view.now_milliseconds);
  const bool changes = view.status == Status::updating && history.before;
  const ProvisionedThroughput& shown = changes ? *history.before : throughput;
  ObjectWriter object(out);
  if (history.decreased_milliseconds) {
    object.time("LastDecreaseDateTime", *history.decreased_milliseconds);
  }
  if (history.increased_milliseconds) {
    object.time("LastIncreaseDateTime", *history.increased_milliseconds);
  }
  object.number("NumberOfDecreasesToday", decreased_today ? history.decreases_today : 0);
  object.number("ReadCapacityUnits", shown.read_capacity_units);
  object.number("WriteCapacityUnits", shown.write_capacity_units);
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
                  const std::string& table_arn, const View& table) {
  const IndexDescription& description = *index.description;
  ObjectWriter object(out);
  // Never for an index that is created with its table. Source: recorded answers.
  if (description.is_global && index.status == Status::creating &&
      table.status != Status::creating) {
    object.boolean("Backfilling", false);
  }
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
                    description.throughput_history,
                    {table.use, index.status, table.now_milliseconds});
  if (table.use == DescriptionUse::create_table) return;
  write_warm(object,
             warm_throughput_of(description.warm_throughput, billing_mode, description.throughput));
}

void write_indexes(ObjectWriter& object, const Table& table, bool global,
                   const std::string& table_arn, const View& view) {
  static const Counters no_items;
  const std::int64_t now = view.now_milliseconds;
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
                append_index(list, index, table.description.billing_mode, table_arn, view);
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

// Writes SSEDescription, if the table has a key of its own or does not have one any more since a
// moment ago.
void write_encryption_at(ObjectWriter& object, const TableDescription& description,
                         std::string_view region, const View& view) {
  const bool changed = description.transition.cause == Transition::Cause::encryption;
  const bool changes = changed && view.status == Status::updating;
  const bool turned_off =
      changed && view.use == DescriptionUse::update_table && !description.sse_enabled;
  if (!description.sse_enabled && !changes && !turned_off) return;
  write_encryption(object, description, region, changes || turned_off ? "UPDATING" : "ENABLED");
}

void write_settings(ObjectWriter& object, const TableDescription& description,
                    std::string_view region, const View& view) {
  // The service omits the summary if the table was never PAY_PER_REQUEST.
  if (description.pay_per_request_milliseconds) {
    ObjectWriter summary(object.member("BillingModeSummary"));
    summary.text("BillingMode", description.billing_mode == BillingMode::pay_per_request
                                    ? "PAY_PER_REQUEST"
                                    : "PROVISIONED");
    if (view.use != DescriptionUse::create_table) {
      summary.time("LastUpdateToPayPerRequestDateTime", *description.pay_per_request_milliseconds);
    }
  }
  write_encryption_at(object, description, region, view);
  if (!description.table_class.empty()) {
    ObjectWriter summary(object.member("TableClassSummary"));
    if (description.table_class_changed_milliseconds) {
      summary.time("LastUpdateDateTime", *description.table_class_changed_milliseconds);
    }
    summary.text("TableClass", description.table_class);
  }
}

void write_restore(ObjectWriter& object, const RestoreSource& source, std::string_view region,
                   bool in_progress) {
  const std::string arn = table_arn(source.table_name, region);
  ObjectWriter summary(object.member("RestoreSummary"));
  summary.time("RestoreDateTime", source.restored_milliseconds);
  summary.boolean("RestoreInProgress", in_progress);
  if (!source.backup_id.empty()) {
    summary.text("SourceBackupArn", concat(arn, "/backup/", source.backup_id));
  }
  summary.text("SourceTableArn", arn);
}

// Returns the ARN of the key `id`: a key's id or ARN, an alias or its ARN, or "" for the account's
// default key. An alias becomes the key that it stands for, as the service shows it; its id is made
// of the alias, because there are no keys here. Source: recorded answers.
std::string key_arn(std::string_view id, std::string_view region) {
  constexpr std::string_view alias_part = "alias/";
  const auto alias = id.find(alias_part);
  if (id.starts_with("arn:") && alias == id.npos) return std::string(id);
  std::string key(id);
  if (id.empty() || alias != id.npos) {
    const boost::uuids::name_generator_sha1 generate(boost::uuids::ns::url());
    key = to_string(
        generate(concat(region, "/", id.empty() ? "alias/aws/dynamodb" : id.substr(alias))));
  }
  return concat("arn:aws:kms:", region, ":", own_account, ":key/", key);
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
                      std::string_view region, std::string_view status) {
  ObjectWriter sse(object.member("SSEDescription"));
  sse.text("KMSMasterKeyArn", key_arn(description.sse_kms_key_id, region));
  sse.text("SSEType", "KMS");
  sse.text("Status", status);
}

void append_table_description(std::string& out, const Table& table, std::string_view region,
                              DescriptionUse use) {
  const TableDescription& description = table.description;
  const std::int64_t now = now_milliseconds();
  const Status status = use == DescriptionUse::delete_table ? Status::deleting
                        : use == DescriptionUse::restore    ? Status::creating
                                                            : description.transition.at(now);
  const View view{use, status, now};
  const bool deleting = status == Status::deleting;
  const std::string arn = table_arn(description.name, region);
  ObjectWriter object(out);
  if (!deleting) {
    append_definitions(object.member("AttributeDefinitions"), description.attribute_definitions);
    object.time("CreationDateTime", description.created_milliseconds);
  }
  object.boolean("DeletionProtectionEnabled", description.deletion_protection);
  if (!deleting) write_indexes(object, table, true, arn, view);
  object.number("ItemCount", table.counters->item_count);
  if (!deleting) {
    append_key_schema(object.member("KeySchema"), description.key_schema);
    write_indexes(object, table, false, arn, view);
  }
  write_on_demand(object, description.on_demand_throughput);
  append_throughput(object.member("ProvisionedThroughput"), description.throughput,
                    description.throughput_history, view);
  if (description.restored_from) {
    write_restore(object, *description.restored_from, region, status == Status::creating);
  }
  write_stream(object, description, region);
  write_settings(object, description, region, view);
  object.text("TableArn", arn);
  object.text("TableId", description.id);
  object.text("TableName", description.name);
  object.number("TableSizeBytes", table.counters->size_bytes);
  object.text("TableStatus", status_name(status));
  if (use == DescriptionUse::create_table && !description.warm_throughput) return;
  write_warm(object, warm_throughput_of(description.warm_throughput, description.billing_mode,
                                        description.throughput));
}

}  // namespace pageturner
