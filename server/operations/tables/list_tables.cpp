// ListTables: names in the order of bytes, in pages. api: ListTables.
#include "protocol/limits.h"
#include "server/operations/operation.h"
#include "server/operations/parameters.h"

namespace pageturner {

Result<void> list_tables(Database& database, const Request& request, std::string& out) {
  const auto limit = request.body.find("Limit");
  const std::size_t count =
      limit ? static_cast<std::size_t>(limit->as_integer()) : limits::list_tables_page_max;
  // One more than asked for tells whether there is a next page.
  auto names =
      database.catalog().names(text_parameter(request.body, "ExclusiveStartTableName"), count + 1);
  const bool more = names.size() > count;
  if (more) names.pop_back();
  out += "{\"TableNames\":[";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += ',';
    append_json_string(out, names[i]);
  }
  out += ']';
  if (more) {
    out += ",\"LastEvaluatedTableName\":";
    append_json_string(out, names.back());
  }
  out += '}';
  return {};
}

}  // namespace pageturner
