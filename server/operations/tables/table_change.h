// What an UpdateTable request asks for: rules that need no table, and the table it makes of one.
#pragma once

#include <string_view>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// Holds the members of an UpdateTable to each other: that there is something to update, what goes
// only alone, and index updates that are none. Errors: ValidationException in the words and the
// order of the service. Source: recorded answers.
Result<void> check_table_change(JsonValue body);

// When a change is made, and how long it is shown as going on.
struct ChangeTime {
  std::int64_t now_milliseconds;
  std::int64_t transition_milliseconds;

  Transition transition(Status status, Transition::Cause cause = Transition::Cause::none) const {
    return {status, now_milliseconds + transition_milliseconds, cause};
  }
};

// What `body`, which check_table_change accepted, makes of `table`. `region` is for messages.
// Errors: ValidationException, LimitExceededException, ResourceNotFoundException for an index.
Result<TableDescription> changed_table(const TableDescription& table, JsonValue body,
                                       const ChangeTime& time, std::string_view region);

}  // namespace pageturner
