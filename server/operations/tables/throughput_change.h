// Changes of the throughput of a table or a global index by UpdateTable.
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/table_description.h"
#include "server/operations/tables/table_change.h"

namespace pageturner {

// The owner of a throughput, for messages.
struct ThroughputOwner {
  std::string name;         // of the index; "" for the table
  std::string_view region;  // a view, from Request::region
};

// Checks that `units` do not exceed the quota of the account. Errors: LimitExceededException.
Result<void> check_throughput_quota(const ProvisionedThroughput& units,
                                    const ThroughputOwner& owner);

// Sets `current` to the units `requested` and records in `history` the units before and the time of
// an increase or a decrease. Errors: ValidationException if the units are equal; those of
// check_throughput_quota.
Result<void> change_throughput(ProvisionedThroughput& current, ThroughputHistory& history,
                               const ProvisionedThroughput& requested, const ThroughputOwner& owner,
                               const ChangeTime& time);

// Sets `current` to no units, for PAY_PER_REQUEST, and records in `history` the units before and
// the decrease.
void drop_throughput(ProvisionedThroughput& current, ThroughputHistory& history,
                     const ChangeTime& time);

// Sets `warm` to the maximum of `before` and `units`: the warm throughput of a table or index never
// decreases.
void retain_warm_throughput(std::optional<WarmThroughput>& warm, const WarmThroughput& before,
                            const ProvisionedThroughput& units);

// Sets `warm` to WarmThroughput of the table or index `json`, if present. `current` is the warm
// throughput it has now; `owner` is for messages: "table", "index NAME". Errors:
// ValidationException for less than `current`.
Result<void> change_warm_throughput(std::optional<WarmThroughput>& warm, JsonValue json,
                                    const WarmThroughput& current, std::string_view owner);

// Replaces the maxima of `current` by those that `change` has; -1 removes a maximum.
void merge_on_demand(std::optional<OnDemandThroughput>& current, const OnDemandThroughput& change);

}  // namespace pageturner
