// Provisioned throughput as UpdateTable changes it, of a table or a global index.
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/table_description.h"
#include "server/operations/tables/table_change.h"

namespace pageturner {

// Whose throughput it is, for messages.
struct ThroughputOwner {
  std::string name;  // of the index, "" for the table
  std::string_view region;
};

// Refuses units above the account's quota. Errors: LimitExceededException.
Result<void> check_throughput_quota(const ProvisionedThroughput& units,
                                    const ThroughputOwner& owner);

// Gives `current` the units `wanted` and notes in `history` when it grew or shrank. Errors:
// ValidationException where nothing would change; those of check_throughput_quota.
Result<void> change_throughput(ProvisionedThroughput& current, ThroughputHistory& history,
                               const ProvisionedThroughput& wanted, const ThroughputOwner& owner,
                               const ChangeTime& time);

// Notes that all units were taken away, by PAY_PER_REQUEST.
void drop_throughput(ProvisionedThroughput& current, ThroughputHistory& history,
                     const ChangeTime& time);

// Keeps a table or index as warm as it was, `before`, and at least as warm as `units` make it:
// warmth is never lost.
void retain_warm_throughput(std::optional<WarmThroughput>& warm, const WarmThroughput& before,
                            const ProvisionedThroughput& units);

// Gives `warm` what `json` (WarmThroughput, or none) asks for. `current` is what it is now, `whose`
// how messages call the owner: "table", "index NAME". Errors: ValidationException for less than
// there is.
Result<void> change_warm_throughput(std::optional<WarmThroughput>& warm, JsonValue json,
                                    const WarmThroughput& current, const std::string& whose);

// Puts what `change` says over `current`; -1 takes a maximum away.
void merge_on_demand(std::optional<OnDemandThroughput>& current, const OnDemandThroughput& change);

}  // namespace pageturner
