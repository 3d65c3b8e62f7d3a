// TagResource: adds tags to a table or a stream or changes their values; all or none. api:
// TagResource.
#include <algorithm>

#include "server/operations/operation.h"
#include "server/operations/tables/tag_input.h"

namespace pageturner {

Result<void> tag_resource(Database& database, const Request& request, std::string&) {
  PAGETURNER_RETURN_IF_ERROR(check_tag_parameters(request.body, "Tags", "tags"));
  PAGETURNER_ASSIGN_OR_RETURN(const ResourceArn arn, parse_tagged_arn(request.body));
  const JsonValue list = request.body.find("Tags").value();
  if (list.size() == 0) return validation_error("Atleast one Tag needs to be provided as Input.");
  PAGETURNER_ASSIGN_OR_RETURN(const std::vector<Tag> tags, parse_tags(list));
  PAGETURNER_ASSIGN_OR_RETURN(const Resource resource, find_tagged(database, arn));
  return change_settings(database, resource, [&](ResourceSettings& settings) -> Result<void> {
    for (const Tag& tag : tags) {
      const auto known = std::find_if(settings.tags.begin(), settings.tags.end(),
                                      [&](const Tag& other) { return other.key == tag.key; });
      if (known == settings.tags.end()) {
        settings.tags.push_back(tag);
      } else {
        known->value = tag.value;
      }
    }
    return check_tag_count(settings.tags.size());
  });
}

}  // namespace pageturner
