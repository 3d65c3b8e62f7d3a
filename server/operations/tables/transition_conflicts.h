// What a table that is going through a transition refuses meanwhile.
#pragma once

#include <cstdint>
#include <string>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// "Attempt to change a resource which is still in use: …"
Error still_in_use(const std::string& text);

// What a second index that comes or goes is answered with.
Error one_index_at_a_time();

// Refuses to delete a table that is not settled at the time `now`. Errors: ResourceInUseException.
// Source: recorded answers.
Result<void> check_deletable(const TableDescription& table, std::int64_t now);

// Refuses an UpdateTable with the body `body` that meets another change which is not over. Errors:
// ResourceInUseException; LimitExceededException for a second index that comes or goes. Source:
// recorded answers.
Result<void> check_changeable(const TableDescription& table, JsonValue body, std::int64_t now);

}  // namespace pageturner
