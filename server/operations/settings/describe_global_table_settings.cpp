// DescribeGlobalTableSettings: always fails; there are no global tables. api:
// DescribeGlobalTableSettings; recorded answers.
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/global_table.h"

namespace pageturner {

Result<void> describe_global_table_settings(Database&, const Request& request, std::string&) {
  return global_table_not_found("", text_parameter(request.body, "GlobalTableName"));
}

}  // namespace pageturner
