// Contributor insights of a table or a global index. The setting is stored and returned but has no
// effect.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/object_writer.h"
#include "storage/database.h"

namespace pageturner {

// The table and, with IndexName, the global index that a request names.
struct InsightsTarget {
  TablePointer table;
  std::string_view index_name;  // a view into the document of the request; empty: the table itself
};

// Returns the target of a request. Errors: ResourceNotFoundException.
Result<InsightsTarget> find_insights_target(Database& database, JsonValue body);

// Returns the setting for `index_name`, or nullptr if it was never set.
const ContributorInsights* find_insights(const TableDescription& table,
                                         std::string_view index_name);

// Writes TableName and, for an index, IndexName.
void write_insights_target(ObjectWriter& object, std::string_view table_name,
                           std::string_view index_name);

}  // namespace pageturner
