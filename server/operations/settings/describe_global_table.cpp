// DescribeGlobalTable: always fails; there are no global tables. api: DescribeGlobalTable; recorded
// answers.
#include "server/operations/operation.h"
#include "server/operations/parameters.h"
#include "server/operations/settings/global_table.h"

namespace pageturner {

Result<void> describe_global_table(Database&, const Request& request, std::string&) {
  return global_table_not_found("Global table not found: ",
                                text_parameter(request.body, "GlobalTableName"));
}

}  // namespace pageturner
