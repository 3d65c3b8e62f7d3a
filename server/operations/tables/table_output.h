// TableDescription as answers show it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/object_writer.h"
#include "storage/catalog.h"

namespace pageturner {

// Appends the Projection object of an index.
void append_projection(std::string& out, const IndexProjection& projection);

// Writes the member OnDemandThroughput, where there is one.
void write_on_demand(ObjectWriter& owner, const std::optional<OnDemandThroughput>& throughput);

// Writes the member SSEDescription, where the table has a key of its own.
void write_encryption(ObjectWriter& object, const TableDescription& description,
                      std::string_view region);

// Appends the description of `table` with ARNs in `region`, as it is shown at this moment: with the
// status of a transition that is not over, or with `status` where one is given. Counts and sizes
// are exact. Source: api, TableDescription; recorded answers.
void append_table_description(std::string& out, const Table& table, std::string_view region,
                              std::optional<Status> status = std::nullopt);

}  // namespace pageturner
