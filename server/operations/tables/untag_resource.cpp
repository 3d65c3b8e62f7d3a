// UntagResource: removes tags from a table or a stream and ignores keys that it does not have. api:
// UntagResource.
#include <algorithm>

#include "server/operations/operation.h"
#include "server/operations/tables/tag_input.h"

namespace pageturner {

Result<void> untag_resource(Database& database, const Request& request, std::string&) {
  PAGETURNER_RETURN_IF_ERROR(check_tag_parameters(request.body, "TagKeys", "tagKeys"));
  PAGETURNER_ASSIGN_OR_RETURN(const ResourceArn arn, parse_tagged_arn(request.body));
  const JsonValue list = request.body.find("TagKeys").value();
  if (list.size() == 0) {
    return validation_error("Atleast one Tag Key needs to be provided as Input.");
  }
  PAGETURNER_ASSIGN_OR_RETURN(const std::vector<std::string_view> keys, parse_tag_keys(list));
  PAGETURNER_ASSIGN_OR_RETURN(const Resource resource, find_tagged(database, arn));
  return change_settings(database, resource, [&](ResourceSettings& settings) -> Result<void> {
    std::erase_if(settings.tags, [&](const Tag& tag) {
      return std::find(keys.begin(), keys.end(), tag.key) != keys.end();
    });
    return {};
  });
}

}  // namespace pageturner
