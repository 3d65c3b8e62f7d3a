// Contributor insights of a table or a global index, as they are kept and shown.
#pragma once

#include <string_view>
#include <vector>

#include "protocol/object_writer.h"
#include "storage/database.h"

namespace pageturner {

// The table that a request about contributor insights names, and with IndexName one of its global
// indexes. Errors: ResourceNotFoundException.
struct InsightsTarget {
  TablePointer table;
  std::string_view index_name;  // empty: the table itself
};
Result<InsightsTarget> find_insights_target(Database& database, JsonValue body);

// What is kept for `index_name`, or nullptr where nothing was ever set.
const ContributorInsights* find_insights(const TableDescription& table,
                                         std::string_view index_name);

// Writes TableName and, of an index, IndexName.
void write_insights_target(ObjectWriter& object, std::string_view table_name,
                           std::string_view index_name);

}  // namespace pageturner
