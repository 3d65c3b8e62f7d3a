// TableDescription as answers show it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/catalog.h"

namespace ddb {

// Appends the KeySchema array of `schema`.
void append_key_schema(std::string& out, const KeySchema& schema);

// Appends the description of `table` with ARNs in `region`, as it is shown at this moment: with the
// status of a transition that is not over, or with `status` where one is given. Counts and sizes
// are exact. Source: api, TableDescription; recorded answers.
void append_table_description(std::string& out, const Table& table, std::string_view region,
                              std::optional<Status> status = std::nullopt);

}  // namespace ddb
