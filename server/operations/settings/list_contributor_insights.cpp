// ListContributorInsights: returns a page of the enabled contributor insights of one table or of
// all. api: ListContributorInsights.
#include "protocol/limits.h"
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/contributor_insights.h"

namespace pageturner {
namespace {

void append_summary(std::string& list, const TableDescription& table,
                    const ContributorInsights& insights) {
  ObjectWriter object(list);
  object.text("ContributorInsightsMode", insights.mode);
  object.text("ContributorInsightsStatus", "ENABLED");
  write_insights_target(object, table.name, insights.index_name);
}

void append_summaries(std::string& out, const std::vector<TablePointer>& tables) {
  ArrayWriter summaries(out);
  for (const TablePointer& table : tables) {
    for (const ContributorInsights& insights : table->description.contributor_insights) {
      if (insights.enabled) append_summary(summaries.element(), table->description, insights);
    }
  }
}

}  // namespace

// MaxResults counts tables; the token of the next page is the name of the last table of the page.
Result<void> list_contributor_insights(Database& database, const Request& request,
                                       std::string& out) {
  const JsonValue body = request.body;
  const auto max_results = body.find("MaxResults");
  const std::size_t count = max_results && max_results->as_integer() > 0
                                ? static_cast<std::size_t>(max_results->as_integer())
                                : limits::list_tables_page_max;
  std::vector<TablePointer> tables;
  std::string next_token;
  if (body.find("TableName")) {
    PAGETURNER_ASSIGN_OR_RETURN(TablePointer table, find_named_table(database, body));
    tables.push_back(std::move(table));
  } else {
    auto names = database.catalog().names(text_parameter(body, "NextToken"), count + 1);
    if (names.size() > count) {
      names.pop_back();
      next_token = names.back();
    }
    for (const std::string& name : names) {
      if (TablePointer table = database.catalog().find(name)) tables.push_back(std::move(table));
    }
  }
  ObjectWriter object(out);
  append_summaries(object.member("ContributorInsightsSummaries"), tables);
  if (!next_token.empty()) object.text("NextToken", next_token);
  return {};
}

}  // namespace pageturner
