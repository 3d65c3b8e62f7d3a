// UntagResource: takes tags from a table; those it has not are no mistake. api: UntagResource.
#include <algorithm>

#include "server/operations/operation.h"
#include "server/operations/resource_arn.h"
#include "server/operations/tables/tag_input.h"

namespace ddb {

Result<void> untag_resource(Database& database, const Request& request, std::string&) {
  DDB_CHECK(check_tag_parameters(request.body, "TagKeys", "tagKeys"));
  DDB_ASSIGN(const ResourceArn arn, parse_resource_arn(request.body));
  const JsonValue list = request.body.find("TagKeys").value();
  if (list.size() == 0) {
    return validation_error("Atleast one Tag Key needs to be provided as Input.");
  }
  DDB_ASSIGN(const std::vector<std::string> keys, parse_tag_keys(list));
  DDB_ASSIGN(const TablePointer table, find_resource(database, arn));
  TableDescription description = table->description;
  std::erase_if(description.tags, [&](const Tag& tag) {
    return std::find(keys.begin(), keys.end(), tag.key) != keys.end();
  });
  DDB_CHECK(database.change_table(table, std::move(description)));
  return {};
}

}  // namespace ddb
