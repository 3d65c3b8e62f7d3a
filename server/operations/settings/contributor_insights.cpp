#include "server/operations/settings/contributor_insights.h"

#include <algorithm>

#include "protocol/text.h"
#include "server/operations/named_table.h"
#include "server/operations/parameters.h"

namespace pageturner {

Result<InsightsTarget> find_insights_target(Database& database, JsonValue body) {
  PAGETURNER_ASSIGN_OR_RETURN(TablePointer table, find_named_table(database, body));
  const std::string_view index_name = text_parameter(body, "IndexName");
  if (index_name.empty()) return InsightsTarget{std::move(table), {}};
  const Index* index = table->find_index(index_name);
  if (index == nullptr || !index->description.is_global) {
    return Error{ErrorType::resource_not_found,
                 concat("Requested resource not found: Index: ", index_name,
                        " not found for table: ", table->description.name)};
  }
  return InsightsTarget{std::move(table), index_name};
}

const ContributorInsights* find_insights(const TableDescription& table,
                                         std::string_view index_name) {
  const auto found = std::find_if(
      table.contributor_insights.begin(), table.contributor_insights.end(),
      [&](const ContributorInsights& insights) { return insights.index_name == index_name; });
  return found == table.contributor_insights.end() ? nullptr : &*found;
}

void write_insights_target(ObjectWriter& object, std::string_view table_name,
                           std::string_view index_name) {
  if (!index_name.empty()) object.text("IndexName", index_name);
  object.text("TableName", table_name);
}

}  // namespace pageturner
