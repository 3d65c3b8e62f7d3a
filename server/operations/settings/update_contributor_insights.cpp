// UpdateContributorInsights: stores the setting, which has no effect. api:
// UpdateContributorInsights.
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/contributor_insights.h"
#include "storage/clock.h"

namespace pageturner {

Result<void> update_contributor_insights(Database& database, const Request& request,
                                         std::string& out) {
  const JsonValue body = request.body;
  PAGETURNER_ASSIGN_OR_RETURN(const InsightsTarget target, find_insights_target(database, body));
  const TableDescription& table = target.table->description;
  const ContributorInsights* known = find_insights(table, target.index_name);
  const bool was_enabled = known != nullptr && known->enabled;
  const bool enable = text_parameter(body, "ContributorInsightsAction") == "ENABLE";
  std::string mode(text_parameter(body, "ContributorInsightsMode"));
  if (mode.empty()) mode = "ACCESSED_AND_THROTTLED_KEYS";
  if (!enable) mode = known != nullptr ? known->mode : "";
  std::string_view status = enable ? "ENABLED" : "DISABLED";
  const bool changes = enable != was_enabled || (enable && known->mode != mode);
  if (changes) {
    status = enable ? "ENABLING" : "DISABLING";
    TableDescription description = table;
    std::erase_if(description.contributor_insights, [&](const ContributorInsights& insights) {
      return insights.index_name == target.index_name;
    });
    description.contributor_insights.push_back(
        {std::string(target.index_name), enable, mode, now_milliseconds()});
    PAGETURNER_RETURN_IF_ERROR(database.change_table(target.table, std::move(description)));
  }
  ObjectWriter object(out);
  write_insights_target(object, table.name, target.index_name);
  if (!mode.empty()) object.text("ContributorInsightsMode", mode);
  object.text("ContributorInsightsStatus", status);
  return {};
}

}  // namespace pageturner
