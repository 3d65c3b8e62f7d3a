// ListTables: returns a page of table names, ordered by their bytes. api: ListTables.
#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace pageturner {

Result<void> list_tables(Database& database, const Request& request, std::string& out) {
  const auto limit = request.body.find("Limit");
  const std::size_t count =
      limit ? static_cast<std::size_t>(limit->as_integer()) : limits::list_tables_page_max;
  // One more than requested shows whether there is a next page.
  auto names =
      database.catalog().names(text_parameter(request.body, "ExclusiveStartTableName"), count + 1);
  const bool more = names.size() > count;
  if (more) names.pop_back();
  ObjectWriter response(out);
  append_list(response.member("TableNames"), names, append_json_string);
  if (more) response.text("LastEvaluatedTableName", names.back());
  return {};
}

}  // namespace pageturner
