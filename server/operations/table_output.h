// TableDescription as answers show it.
#pragma once

#include <string>
#include <string_view>

#include "storage/catalog.h"

namespace ddb {

// Appends the description of `table` with `status` ("ACTIVE", "DELETING") and ARNs in `region`.
// Counts and sizes are those of the moment. Source: api, TableDescription; recorded answers.
void append_table_description(std::string& out, const Table& table, std::string_view status,
                              std::string_view region);

}  // namespace ddb
