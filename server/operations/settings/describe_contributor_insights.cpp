// DescribeContributorInsights: returns whether contributor insights are enabled. The rules it names
// do not exist. api: DescribeContributorInsights.
#include "protocol/text.h"
#include "server/operations/operation.h"
#include "server/operations/settings/contributor_insights.h"

namespace pageturner {
namespace {

// Returns the names that the rules have on AWS. Source: recorded answers.
std::vector<std::string> rule_names(const TableDescription& table,
                                    const ContributorInsights& insights) {
  std::string tail = concat("-", table.name);
  bool has_sort_key = !table.key_schema.sort.empty();
  if (!insights.index_name.empty()) {
    tail += concat("-", insights.index_name);
    for (const IndexDescription& index : table.indexes) {
      if (index.name == insights.index_name) has_sort_key = !index.key_schema.sort.empty();
    }
  }
  tail += concat("-", insights.changed_milliseconds);
  std::vector<std::string> names;
  const auto add = [&](std::string_view rule) {
    names.push_back(concat("DynamoDBContributorInsights-", rule, tail));
  };
  const bool all_keys = insights.mode != "THROTTLED_KEYS";
  if (all_keys) add("PKC");
  if (all_keys && has_sort_key) add("SKC");
  add("PKT");
  if (has_sort_key) add("SKT");
  return names;
}

}  // namespace

Result<void> describe_contributor_insights(Database& database, const Request& request,
                                           std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const InsightsTarget target,
                              find_insights_target(database, request.body));
  const TableDescription& table = target.table->description;
  const ContributorInsights* insights = find_insights(table, target.index_name);
  ObjectWriter object(out);
  write_insights_target(object, table.name, target.index_name);
  object.text("ContributorInsightsStatus",
              insights != nullptr && insights->enabled ? "ENABLED" : "DISABLED");
  if (insights == nullptr) return {};
  object.text("ContributorInsightsMode", insights->mode);
  object.time("LastUpdateDateTime", insights->changed_milliseconds);
  if (insights->enabled) {
    append_list(object.member("ContributorInsightsRuleList"), rule_names(table, *insights),
                append_json_string);
  }
  return {};
}

}  // namespace pageturner
