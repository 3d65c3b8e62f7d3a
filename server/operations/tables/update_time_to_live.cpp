// UpdateTimeToLive: sets the attribute with the time at which items expire. It applies to all
// items, existing ones included, when the response is sent. api: UpdateTimeToLive; recorded
// answers.
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace pageturner {
namespace {

// Checks that the request changes the setting and does not name another attribute than the enabled
// one.
Result<void> check_change(std::string_view current, std::string_view requested, bool enabled) {
  if (!current.empty() && current != requested) {
    return validation_error(concat(
        "TimeToLive is active on a different AttributeName: current AttributeName is ", current));
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
  ObjectWriter response(out);
  ObjectWriter echo(response.member("TimeToLiveSpecification"));
  echo.text("AttributeName", attribute);
  echo.boolean("Enabled", enabled);
  return {};
}

}  // namespace pageturner
