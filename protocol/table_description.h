// What a table is: its keys, indexes and settings, as CreateTable gives them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"

namespace pageturner {

// The types a key attribute can have.
enum class ScalarType : std::uint8_t { s, n, b };

// The descriptor of `type` on the wire.
inline std::string_view scalar_descriptor(ScalarType type) {
  return type == ScalarType::s ? "S" : type == ScalarType::n ? "N" : "B";
}

// Whether `value` has the type `type`.
inline bool has_type(const AttributeValue& value, ScalarType type) {
  return type_descriptor(type_of(value)) == scalar_descriptor(type);
}

struct KeyAttribute {
  std::string name;
  ScalarType type = ScalarType::s;
};

// Whether one of `attributes` is called `name`.
inline bool has_attribute(const std::vector<KeyAttribute>& attributes, std::string_view name) {
  return std::any_of(attributes.begin(), attributes.end(),
                     [&](const KeyAttribute& attribute) { return attribute.name == name; });
}

// The attributes of a key, in order. A table and a local index have one partition attribute and at
// most one sort attribute, a global index up to four of each.
struct KeySchema {
  std::vector<KeyAttribute> partition;
  std::vector<KeyAttribute> sort;
};

enum class ProjectionType : std::uint8_t { all, keys_only, include };

struct IndexProjection {
  ProjectionType type = ProjectionType::all;
  std::vector<std::string> non_key_attributes;  // only with `include`
};

struct ProvisionedThroughput {
  std::int64_t read_capacity_units = 0;
  std::int64_t write_capacity_units = 0;
};

struct OnDemandThroughput {
  std::optional<std::int64_t> max_read_request_units;
  std::optional<std::int64_t> max_write_request_units;
};

struct WarmThroughput {
  std::int64_t read_units_per_second = 0;
  std::int64_t write_units_per_second = 0;
};

// When the throughput of a table or a global index was changed.
struct ThroughputHistory {
  std::optional<std::int64_t> increased_milliseconds = {};
  std::optional<std::int64_t> decreased_milliseconds = {};
  std::int64_t decreases_today = 0;  // on the UTC day of the last decrease
};

enum class Status : std::uint8_t { active, creating, updating, deleting };

// What a table or an index passes through, until which moment (since 1970). It takes place at once;
// a transition is for those who wait for it to end.
struct Transition {
  enum class Cause : std::uint8_t { none, throughput, stream, table_class };

  Status status = Status::active;
  std::int64_t until_milliseconds = 0;
  Cause cause = Cause::none;  // of `updating` a table

  bool is_over(std::int64_t now_milliseconds) const {
    return status == Status::active || now_milliseconds >= until_milliseconds;
  }
  Status at(std::int64_t now_milliseconds) const {
    return is_over(now_milliseconds) ? Status::active : status;
  }
};

struct IndexDescription {
  std::string name;
  bool is_global = false;
  KeySchema key_schema;
  IndexProjection projection;
  ProvisionedThroughput throughput;  // global indexes only
  ThroughputHistory throughput_history;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<WarmThroughput> warm_throughput;
  Transition transition;
};

enum class BillingMode : std::uint8_t { provisioned, pay_per_request };

struct Tag {
  std::string key;
  std::string value;
};

// What is kept and shown of services beside the table, and does nothing else here.
struct PointInTimeRecovery {
  std::int64_t enabled_milliseconds = 0;
  std::int64_t period_days = 35;
};

struct ContributorInsights {
  std::string index_name;  // empty: of the table
  bool enabled = false;
  std::string mode;
  std::int64_t changed_milliseconds = 0;
};

struct KinesisDestination {
  std::string stream_arn;
  bool active = false;
  std::string precision;
};

struct ResourcePolicy {
  std::string text;
  std::string revision_id;
};

// Where a table was restored from, and which moment it holds.
struct RestoreSource {
  std::string backup_id;  // empty: from the table itself
  std::string table_name;
  std::int64_t restored_milliseconds = 0;
};

struct TableDescription {
  std::string name;
  std::string id;  // a UUID, kept for the life of the table
  std::int64_t created_milliseconds = 0;
  std::vector<KeyAttribute> attribute_definitions;
  KeySchema key_schema;
  std::vector<IndexDescription> indexes;  // local ones first, each kind in the order of CreateTable
  BillingMode billing_mode = BillingMode::provisioned;
  // When PAY_PER_REQUEST was chosen last.
  std::optional<std::int64_t> pay_per_request_milliseconds;
  ProvisionedThroughput throughput;
  ThroughputHistory throughput_history;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<WarmThroughput> warm_throughput;  // where a request gave one
  std::string stream_view_type;                   // empty: no stream, or none any more
  // When the latest stream was enabled, which its label says; 0: there never was one. Kept when the
  // stream is disabled. Database sets it.
  std::int64_t stream_created_milliseconds = 0;
  bool sse_enabled = false;    // with a key of KMS
  std::string sse_kms_key_id;  // empty: the account's default one
  std::string table_class;     // empty where none was ever given
  std::optional<std::int64_t> table_class_changed_milliseconds;
  bool deletion_protection = false;
  std::vector<Tag> tags;
  std::string time_to_live_attribute;  // says when an item expires; empty: none does
  std::optional<PointInTimeRecovery> point_in_time_recovery;
  std::vector<ContributorInsights> contributor_insights;
  std::vector<KinesisDestination> kinesis_destinations;
  std::optional<ResourcePolicy> resource_policy;
  std::optional<RestoreSource> restored_from;
  Transition transition;
  std::vector<IndexDescription> deleted_indexes;  // gone, but still shown as DELETING
};

// The warm throughput that a table or global index has: what was asked for, and at the least what
// its billing mode starts with. Source: guide, "Understanding DynamoDB warm throughput".
inline WarmThroughput warm_throughput_of(const std::optional<WarmThroughput>& given,
                                         BillingMode billing_mode,
                                         const ProvisionedThroughput& provisioned) {
  const WarmThroughput least =
      billing_mode == BillingMode::pay_per_request
          ? WarmThroughput{12'000, 4'000}
          : WarmThroughput{provisioned.read_capacity_units, provisioned.write_capacity_units};
  if (!given) return least;
  return {std::max(given->read_units_per_second, least.read_units_per_second),
          std::max(given->write_units_per_second, least.write_units_per_second)};
}

}  // namespace pageturner
