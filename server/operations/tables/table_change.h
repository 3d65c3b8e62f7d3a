// UpdateTable requests: checks that do not depend on the table, and the changed table.
#pragma once

#include <string_view>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// Checks the members of an UpdateTable request against each other: that there is something to
// update, which members must be the only ones, and index updates. Errors: ValidationException.
// Messages and their order are those of the service. Source: recorded answers.
Result<void> check_table_change(JsonValue body);

// The time of a change, and how long responses present it as in progress.
struct ChangeTime {
  std::int64_t now_milliseconds;  // since 1970
  std::int64_t transition_milliseconds;

  Transition transition(Status status, Transition::Cause cause = Transition::Cause::none) const {
    return {status, now_milliseconds + transition_milliseconds, cause};
  }
};

// Returns `table` with the changes of `body`. Requires: check_table_change accepted `body`.
// `region` is for messages. Errors: ValidationException, LimitExceededException,
// ResourceNotFoundException for an index.
Result<TableDescription> changed_table(const TableDescription& table, JsonValue body,
                                       const ChangeTime& time, std::string_view region);

}  // namespace pageturner
