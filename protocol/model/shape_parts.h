// What the files of shapes are made with: functions that build shapes, and the shapes of parameters
// that operations of several files have.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/model/shape.h"

namespace pageturner::shapes {

using Kind = Shape::Kind;

constexpr bool required = true;
constexpr bool reports_alone = true;  // see ShapeMember::current_reports_alone

// Letters, digits and _ . - only: the pattern of all names.
extern const TextPattern name_pattern;

inline Shape enumeration(std::vector<std::string_view> values) {
  return {.kind = Kind::string, .enum_values = std::move(values)};
}

inline Shape text_of_length(std::int64_t min, std::int64_t max) {
  return {.kind = Kind::string, .min = min, .max = max};
}

// A name of `min` to 255 characters.
inline Shape name_of_length(std::int64_t min) {
  return {.kind = Kind::string, .min = min, .max = 255, .pattern = &name_pattern};
}

// The name of a table, or an ARN that contains one. The constraints apply to the name.
Shape table_name_of_length(std::int64_t min);

inline Shape list_of(const Shape& element) { return {.kind = Kind::list, .element = &element}; }

inline Shape list_of(const Shape& element, std::int64_t min, std::int64_t max) {
  return {.kind = Kind::list, .min = min, .max = max, .element = &element};
}

inline Shape map_of(const Shape& value) { return {.kind = Kind::map, .element = &value}; }

inline Shape structure(std::string_view name, std::vector<ShapeMember> members) {
  return {.kind = Kind::structure, .name = name, .members = std::move(members)};
}

// Parameters of any type without constraints.
extern const Shape text;
extern const Shape text_list;
extern const Shape long_integer;
extern const Shape boolean;
extern const Shape seconds;
// Parameters that the service has and Pageturner refuses.
extern const Shape unsupported;

// Names.
extern const Shape table_name;
extern const Shape table_name_no_arn;
extern const Shape index_name;
extern const Shape key_attribute_name;

// Tables.
extern const Shape attribute_definitions;
extern const Shape billing_mode;
extern const Shape global_indexes;
extern const Shape key_schema;
extern const Shape key_schema_element;
extern const Shape list_tables_limit;
extern const Shape local_indexes;
extern const Shape on_demand_throughput;
extern const Shape projection;
extern const Shape provisioned_throughput;
extern const Shape resource_arn;
extern const Shape sse_specification;
extern const Shape sse_type;
extern const Shape warm_throughput;

}  // namespace pageturner::shapes
