// TableDescription in responses.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/object_writer.h"
#include "storage/catalog.h"

namespace pageturner {

// Returns the name of the member with the list of global or of local indexes.
inline std::string_view index_list_name(bool global) {
  return global ? "GlobalSecondaryIndexes" : "LocalSecondaryIndexes";
}

// Appends the Projection object of an index.
void append_projection(std::string& out, const IndexProjection& projection);

// Writes the member OnDemandThroughput, if `throughput` has a value.
void write_on_demand(MemberWriter& owner, const std::optional<OnDemandThroughput>& throughput);

// Writes the member SSEDescription, if the table has a key of its own.
void write_encryption(MemberWriter& object, const TableDescription& description,
                      std::string_view region);

// Appends the description of `table` with ARNs in `region`. The status of the table is `status` if
// it has a value, else that of a transition in progress, else ACTIVE. Counts and sizes are exact.
// Source: api, TableDescription; recorded answers.
void append_table_description(std::string& out, const Table& table, std::string_view region,
                              std::optional<Status> status = std::nullopt);

}  // namespace pageturner
