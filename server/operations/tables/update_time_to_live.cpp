// UpdateTimeToLive: which attribute says when items expire. It counts, for items that are there
// already too, when the answer goes out. api: UpdateTimeToLive; recorded answers.
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace pageturner {
namespace {

// Refuses what changes nothing, and another attribute than the one that counts.
Result<void> check_change(std::string_view current, std::string_view wanted, bool enabled) {
  if (!current.empty() && current != wanted) {
    return validation_error(
        "TimeToLive is active on a different AttributeName: current AttributeName is " +
        std::string(current));
  }
  if (current.empty() != enabled) {
    return validation_error(enabled ? "TimeToLive is already enabled"
                                    : "TimeToLive is already disabled");
  }
  return {};
}

}  // namespace

Result<void> update_time_to_live(Database& database, const Request& request, std::string& out) {
  PAGETURNER_RETURN_IF_ERROR(check_table_name_given(request.body));
  const JsonValue specification = request.body.find("TimeToLiveSpecification").value();
  const std::string_view attribute = text_parameter(specification, "AttributeName");
  const bool enabled = boolean_parameter(specification, "Enabled", false);
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_named_table(database, request.body));
  TableDescription description = table->description;
  PAGETURNER_RETURN_IF_ERROR(check_change(description.time_to_live_attribute, attribute, enabled));
  description.time_to_live_attribute = enabled ? attribute : "";
  PAGETURNER_RETURN_IF_ERROR(database.change_table(table, std::move(description)));
  out += "{\"TimeToLiveSpecification\":{\"AttributeName\":";
  append_json_string(out, attribute);
  out += enabled ? ",\"Enabled\":true}}" : ",\"Enabled\":false}}";
  return {};
}

}  // namespace pageturner
