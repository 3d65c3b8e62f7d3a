#include "server/operations/tables/table_settings_input.h"

#include <set>

#include "protocol/limits.h"
#include "protocol/text.h"
#include "server/operations/parameters.h"

namespace pageturner {
namespace {

std::optional<std::int64_t> number_parameter(JsonValue json, std::string_view name) {
  const auto value = json.find(name);
  return value ? std::optional(value->as_integer()) : std::nullopt;
}

}  // namespace

Result<ProvisionedThroughput> parse_throughput(JsonValue json) {
  const ProvisionedThroughput throughput{*number_parameter(json, "ReadCapacityUnits"),
                                         *number_parameter(json, "WriteCapacityUnits")};
  const auto check = [](std::int64_t units, std::string_view name) -> Result<void> {
    if (units <= limits::throughput_units_max) return {};
    return validation_error(concat("Given value ", units, " for ", name, " is out of bounds"));
  };
  PAGETURNER_RETURN_IF_ERROR(check(throughput.read_capacity_units, "ReadCapacityUnits"));
  PAGETURNER_RETURN_IF_ERROR(check(throughput.write_capacity_units, "WriteCapacityUnits"));
  return throughput;
}

Result<std::optional<OnDemandThroughput>> parse_on_demand(JsonValue json, BillingMode billing_mode,
                                                          const std::string& owner) {
  const auto given = json.find("OnDemandThroughput");
  if (!given) return std::optional<OnDemandThroughput>();
  OnDemandThroughput throughput{number_parameter(*given, "MaxReadRequestUnits"),
                                number_parameter(*given, "MaxWriteRequestUnits")};
  const auto check = [&](const std::optional<std::int64_t>& units,
                         std::string_view name) -> Result<void> {
    if (!units) return {};
    if (billing_mode == BillingMode::provisioned) {
      return invalid_parameter(concat(name,
                                      " for OnDemandThroughput cannot be specified when the table "
                                      "BillingMode is PROVISIONED"));
    }
    // -1 means no maximum.
    if (*units >= 1 || *units == -1) return {};
    return invalid_parameter(concat("Requested ", name, " for OnDemandThroughput for ", owner,
                                    " is outside of valid range"));
  };
  PAGETURNER_RETURN_IF_ERROR(check(throughput.max_read_request_units, "MaxReadRequestUnits"));
  PAGETURNER_RETURN_IF_ERROR(check(throughput.max_write_request_units, "MaxWriteRequestUnits"));
  const bool is_empty = !throughput.max_read_request_units && !throughput.max_write_request_units;
  return is_empty ? std::nullopt : std::optional(throughput);
}

std::optional<WarmThroughput> parse_warm(JsonValue json) {
  const auto given = json.find("WarmThroughput");
  if (!given) return std::nullopt;
  return WarmThroughput{number_parameter(*given, "ReadUnitsPerSecond").value_or(0),
                        number_parameter(*given, "WriteUnitsPerSecond").value_or(0)};
}

Result<IndexProjection> parse_projection(JsonValue index) {
  const JsonValue json = index.find("Projection").value();
  const std::string_view type = text_parameter(json, "ProjectionType");
  const auto names = json.find("NonKeyAttributes");
  if (type.empty()) return invalid_parameter("Unknown ProjectionType: null");
  IndexProjection projection;
  projection.type = type == "ALL"         ? ProjectionType::all
                    : type == "KEYS_ONLY" ? ProjectionType::keys_only
                                          : ProjectionType::include;
  const bool include = projection.type == ProjectionType::include;
  if (include && !names) {
    return invalid_parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (!include && names) {
    return invalid_parameter(
        concat("ProjectionType is ", type, ", but NonKeyAttributes is specified"));
  }
  std::set<std::string_view> seen;
  for (const JsonValue element : json.elements_of("NonKeyAttributes")) {
    const std::string_view name = element.as_string();
    if (!seen.insert(name).second) {
      return invalid_parameter(concat("Duplicate element in NonKeyAttributes: ", name));
    }
    projection.non_key_attributes.emplace_back(name);
  }
  return projection;
}

Result<void> parse_sse(JsonValue body, TableDescription& table) {
  const auto json = body.find("SSESpecification");
  return json ? parse_sse_specification(*json, table) : Result<void>();
}

Result<void> parse_sse_specification(JsonValue json, TableDescription& table) {
  table.sse_enabled = boolean_parameter(json, "Enabled", false);
  table.sse_kms_key_id = text_parameter(json, "KMSMasterKeyId");
  const std::string_view type = text_parameter(json, "SSEType");
  if (!table.sse_enabled && !type.empty()) {
    return invalid_parameter("SSEType can not be specified if Enabled is false");
  }
  if (!table.sse_enabled && !table.sse_kms_key_id.empty()) {
    return invalid_parameter("KMSMasterKeyId can not be specified if Enabled is false");
  }
  if (type == "AES256") return invalid_parameter("SSEType AES256 is not supported");
  if (!table.sse_kms_key_id.empty() && type.empty()) {
    return invalid_parameter("SSEType KMS is required if KMSMasterKeyId is specified");
  }
  return {};
}

Result<void> parse_table_class(JsonValue body, TableDescription& table) {
  if (!body.find("TableClass")) return {};
  table.table_class = text_parameter(body, "TableClass");
  if (table.table_class == "STANDARD" || table.table_class == "STANDARD_INFREQUENT_ACCESS") {
    return {};
  }
  return validation_error(
      "Invalid table-class parameter provided. Please try again with a valid table-class value: "
      "[STANDARD, STANDARD_INFREQUENT_ACCESS].");
}

}  // namespace pageturner
