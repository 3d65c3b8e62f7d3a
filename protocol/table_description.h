// The description of a table: its keys, indexes and settings, as CreateTable and later requests
// give them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"

namespace pageturner {

// The types that a key attribute can have.
enum class ScalarType : std::uint8_t { s, n, b };

// Returns the descriptor of `type` on the wire.
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

  bool operator==(const KeyAttribute&) const = default;
};

// Whether one of `attributes` has the name `name`.
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

// When and from what the throughput of a table or global index was changed.
struct ThroughputHistory {
  std::optional<std::int64_t> increased_milliseconds = {};
  std::optional<std::int64_t> decreased_milliseconds = {};
  std::int64_t decreases_today = 0;  // on the UTC day of the last decrease
  // The units before the last change, which responses show until its transition is over.
  std::optional<ProvisionedThroughput> before = {};
};

enum class Status : std::uint8_t { active, creating, updating, deleting };

// The status that a table or index is shown with until a time (milliseconds since 1970). The change
// itself is made at once; a transition only serves clients that wait for its end.
struct Transition {
  enum class Cause : std::uint8_t { none, throughput, stream, table_class, encryption };

  Status status = Status::active;
  std::int64_t until_milliseconds = 0;
  Cause cause = Cause::none;  // of `updating` a table; `none`: any other change

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

struct PointInTimeRecovery {
  std::int64_t enabled_milliseconds = 0;
  std::int64_t period_days = 35;
};

// Settings that are stored and returned and have no other effect.
struct ContributorInsights {
  std::string index_name;  // empty: of the table itself
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

// What a table and a stream have of their own, whatever their other settings are.
struct ResourceSettings {
  std::vector<Tag> tags;
  std::optional<ResourcePolicy> policy;
};

// The source of a restored table and the time of the restored state.
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
  // When PAY_PER_REQUEST was set last.
  std::optional<std::int64_t> pay_per_request_milliseconds;
  ProvisionedThroughput throughput;
  ThroughputHistory throughput_history;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<WarmThroughput> warm_throughput;  // empty if no request gave one
  std::string stream_view_type;                   // empty: no stream, or a disabled one
  // When the latest stream was enabled, which is its label; 0 if there never was one. Kept when the
  // stream is disabled. Set by Database.
  std::int64_t stream_created_milliseconds = 0;
  bool sse_enabled = false;  // with a KMS key
  // Empty: the account's default key. Kept when encryption with a key is turned off, because
  // responses show the key until the change is over.
  std::string sse_kms_key_id;
  std::string table_class;  // empty if no request gave one
  std::optional<std::int64_t> table_class_changed_milliseconds;
  bool deletion_protection = false;
  ResourceSettings settings;
  std::string time_to_live_attribute;  // the attribute with an item's expiry time; empty: items do
                                       // not expire
  std::optional<PointInTimeRecovery> point_in_time_recovery;
  std::vector<ContributorInsights> contributor_insights;
  std::vector<KinesisDestination> kinesis_destinations;
  std::optional<RestoreSource> restored_from;
  Transition transition;
  std::vector<IndexDescription> deleted_indexes;  // deleted, but still shown as DELETING
};

// Returns the warm throughput of a table or global index: the requested one, but at least the
// initial value of its billing mode. Source: guide, "Understanding DynamoDB warm throughput".
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
