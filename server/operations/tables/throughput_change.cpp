#include "server/operations/tables/throughput_change.h"

#include <algorithm>
#include <utility>

#include "protocol/limits.h"
#include "protocol/text.h"
#include "server/operations/tables/table_settings_input.h"

namespace pageturner {
namespace {

constexpr std::string_view quota_advice =
    "Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher "
    "limits.";

Result<void> check_quota(std::int64_t units, std::string_view name, const ThroughputOwner& owner) {
  if (units <= limits::table_capacity_units_max) return {};
  const bool is_index = !owner.name.empty();
  return Error{ErrorType::limit_exceeded,
               concat("The requested ", name, is_index ? " for index " : "", owner.name, ", ",
                      units, ", is above the per ", is_index ? "index" : "table",
                      " maximum for the account in ", owner.region, ". Per table maximum: ",
                      limits::table_capacity_units_max, ". ", quota_advice)};
}

// Returns "Current ReadCapacityUnits provisioned for the table: 5. Requested ReadCapacityUnits: 5.
// ".
std::string same_units(std::string_view name, std::int64_t units, const ThroughputOwner& owner) {
  return concat("Current ", name, " provisioned for ", owner.name.empty() ? "the table" : "index ",
                owner.name, ": ", units, ". Requested ", name, ": ", units, ". ");
}

// Records a decrease. Decreases are counted for each UTC day.
void record_decrease(ThroughputHistory& history, std::int64_t now) {
  constexpr std::int64_t day_milliseconds = 86'400'000;
  const bool another_day =
      !history.decreased_milliseconds ||
      *history.decreased_milliseconds / day_milliseconds != now / day_milliseconds;
  history.decreases_today = (another_day ? 0 : history.decreases_today) + 1;
  history.decreased_milliseconds = now;
}

}  // namespace

Result<void> check_throughput_quota(const ProvisionedThroughput& units,
                                    const ThroughputOwner& owner) {
  PAGETURNER_RETURN_IF_ERROR(check_quota(units.read_capacity_units, "ReadCapacityUnits", owner));
  return check_quota(units.write_capacity_units, "WriteCapacityUnits", owner);
}

Result<void> change_throughput(ProvisionedThroughput& current, ThroughputHistory& history,
                               const ProvisionedThroughput& requested, const ThroughputOwner& owner,
                               const ChangeTime& time) {
  const bool more = requested.read_capacity_units > current.read_capacity_units ||
                    requested.write_capacity_units > current.write_capacity_units;
  const bool less = requested.read_capacity_units < current.read_capacity_units ||
                    requested.write_capacity_units < current.write_capacity_units;
  if (!more && !less) {
    return validation_error(concat(
        "The provisioned throughput for the ", owner.name.empty() ? "table" : "index ", owner.name,
        " will not change. The requested value equals the current value. ",
        same_units("ReadCapacityUnits", requested.read_capacity_units, owner),
        same_units("WriteCapacityUnits", requested.write_capacity_units, owner), quota_advice));
  }
  PAGETURNER_RETURN_IF_ERROR(check_throughput_quota(requested, owner));
  history.before = std::exchange(current, requested);
  if (more) history.increased_milliseconds = time.now_milliseconds;
  if (less) record_decrease(history, time.now_milliseconds);
  return {};
}

void drop_throughput(ProvisionedThroughput& current, ThroughputHistory& history,
                     const ChangeTime& time) {
  history.before = std::exchange(current, {});
  record_decrease(history, time.now_milliseconds);
}

void retain_warm_throughput(std::optional<WarmThroughput>& warm, const WarmThroughput& before,
                            const ProvisionedThroughput& units) {
  warm = WarmThroughput{std::max(before.read_units_per_second, units.read_capacity_units),
                        std::max(before.write_units_per_second, units.write_capacity_units)};
}

Result<void> change_warm_throughput(std::optional<WarmThroughput>& warm, JsonValue json,
                                    const WarmThroughput& current, std::string_view owner) {
  const auto given = parse_warm(json);
  if (!given) return {};
  WarmThroughput requested = current;
  const auto take = [&](std::string_view name,
                        std::int64_t WarmThroughput::*units) -> Result<void> {
    if (!json.find("WarmThroughput")->find(name)) return {};
    requested.*units = *given.*units;
    if (requested.*units >= current.*units) return {};
    return invalid_parameter(concat(
        "Requested ", name, " for WarmThroughput for ", owner,
        " is lower than current WarmThroughput, decreasing WarmThroughput is not supported"));
  };
  PAGETURNER_RETURN_IF_ERROR(take("ReadUnitsPerSecond", &WarmThroughput::read_units_per_second));
  PAGETURNER_RETURN_IF_ERROR(take("WriteUnitsPerSecond", &WarmThroughput::write_units_per_second));
  warm = requested;
  return {};
}

void merge_on_demand(std::optional<OnDemandThroughput>& current, const OnDemandThroughput& change) {
  OnDemandThroughput merged = current.value_or(OnDemandThroughput());
  const auto take = [](std::optional<std::int64_t>& into, std::optional<std::int64_t> from) {
    constexpr std::int64_t no_maximum = -1;
    if (from) into = *from == no_maximum ? std::nullopt : from;
  };
  take(merged.max_read_request_units, change.max_read_request_units);
  take(merged.max_write_request_units, change.max_write_request_units);
  const bool any = merged.max_read_request_units || merged.max_write_request_units;
  current = any ? std::optional(merged) : std::nullopt;
}

}  // namespace pageturner
