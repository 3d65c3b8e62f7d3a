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

// Writes the member SSEDescription with `status`. Requires: the table has, or had, a key of its
// own.
void write_encryption(MemberWriter& object, const TableDescription& description,
                      std::string_view region, std::string_view status = "ENABLED");

// The response that a description is for. Some responses do not have all members, or show a status
// that is over when the response is sent.
enum class DescriptionUse {
  describe_table,
  create_table,  // without warm throughput that no request gave, and without the time of a billing
                 // mode
  update_table,  // encryption that was turned off is UPDATING
  delete_table,  // DELETING, which leaves out keys, indexes and the time of creation
  restore        // CREATING
};

// Appends the description of `table` with ARNs in `region`. The status is that of a transition in
// progress, else ACTIVE, unless `use` says otherwise. Counts and sizes are exact. Source: api,
// TableDescription; recorded answers.
void append_table_description(std::string& out, const Table& table, std::string_view region,
                              DescriptionUse use = DescriptionUse::describe_table);

}  // namespace pageturner
