// Requests that conflict with a transition of a table or an index in progress.
#pragma once

#include <cstdint>
#include <string_view>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// Returns ResourceInUseException "Attempt to change a resource which is still in use:
// <text><subject>".
Error still_in_use(std::string_view text, std::string_view subject = "");

// Returns the error for creating or deleting a second index at the same time.
Error one_index_at_a_time();

// Checks that no transition of `table` or its indexes at the time `now` prevents its deletion.
// Errors: ResourceInUseException. Source: recorded answers.
Result<void> check_deletable(const TableDescription& table, std::int64_t now);

// Checks that no transition of `table` or its indexes at the time `now` conflicts with the
// UpdateTable request `body`. Errors: ResourceInUseException; LimitExceededException for creating
// or deleting a second index. Source: recorded answers.
Result<void> check_changeable(const TableDescription& table, JsonValue body, std::int64_t now);

}  // namespace pageturner
