// DescribeTimeToLive: returns whether items expire, and the attribute with their time. api:
// DescribeTimeToLive.
#include "protocol/object_writer.h"
#include "server/operations/named_table.h"
#include "server/operations/operation.h"

namespace pageturner {

Result<void> describe_time_to_live(Database& database, const Request& request, std::string& out) {
  PAGETURNER_RETURN_IF_ERROR(check_table_name_given(request.body));
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_named_table(database, request.body));
  const std::string& attribute = table->description.time_to_live_attribute;
  ObjectWriter response(out);
  ObjectWriter description(response.member("TimeToLiveDescription"));
  if (!attribute.empty()) description.text("AttributeName", attribute);
  description.text("TimeToLiveStatus", attribute.empty() ? "DISABLED" : "ENABLED");
  return {};
}

}  // namespace pageturner
