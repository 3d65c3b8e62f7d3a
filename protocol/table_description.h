// What a table is: its keys, indexes and settings, as CreateTable gives them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"

namespace ddb {

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

struct IndexDescription {
  std::string name;
  bool is_global = false;
  KeySchema key_schema;
  IndexProjection projection;
  ProvisionedThroughput throughput;  // global indexes only
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<WarmThroughput> warm_throughput;
};

enum class BillingMode : std::uint8_t { provisioned, pay_per_request };

struct Tag {
  std::string key;
  std::string value;
};

struct TableDescription {
  std::string name;
  std::string id;  // a UUID, kept for the life of the table
  std::int64_t created_milliseconds = 0;
  std::vector<KeyAttribute> attribute_definitions;
  KeySchema key_schema;
  std::vector<IndexDescription> indexes;  // local ones first, each kind in the order of CreateTable
  BillingMode billing_mode = BillingMode::provisioned;
  ProvisionedThroughput throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<WarmThroughput> warm_throughput;  // where CreateTable gave one
  std::string stream_view_type;                   // empty: no stream
  bool sse_enabled = false;                       // with a key of KMS
  std::string sse_kms_key_id;                     // empty: the account's default one
  std::string table_class;                        // empty where CreateTable gave none
  bool deletion_protection = false;
  std::vector<Tag> tags;
};

}  // namespace ddb
