// ListTagsOfResource: all tags of a table, on one page, as on AWS; whatever token is sent, it is
// not looked at. api: ListTagsOfResource; recorded answers.
#include "server/operations/operation.h"
#include "server/operations/resource_arn.h"

namespace pageturner {

Result<void> list_tags_of_resource(Database& database, const Request& request, std::string& out) {
  if (!request.body.find("ResourceArn")) return validation_error("Invalid TableArn");
  PAGETURNER_ASSIGN_OR_RETURN(const ResourceArn arn, parse_resource_arn(request.body));
  PAGETURNER_ASSIGN_OR_RETURN(const TablePointer table, find_resource(database, arn));
  out += "{\"Tags\":[";
  for (const Tag& tag : table->description.tags) {
    if (out.back() != '[') out += ',';
    out += "{\"Key\":";
    append_json_string(out, tag.key);
    out += ",\"Value\":";
    append_json_string(out, tag.value);
    out += '}';
  }
  out += "]}";
  return {};
}

}  // namespace pageturner
