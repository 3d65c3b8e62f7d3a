// DescribeTable: returns keys, indexes, settings, and exact counts and sizes. api: DescribeTable.
#include "server/operations/named_table.h"
#include "server/operations/operation.h"
#include "server/operations/tables/table_output.h"

namespace pageturner {

Result<void> describe_table(Database& database, const Request& request, std::string& out) {
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_named_table(database, request.body));
  append_table_description(ObjectWriter(out).member("Table"), *table, request.region);
  return {};
}

}  // namespace pageturner
