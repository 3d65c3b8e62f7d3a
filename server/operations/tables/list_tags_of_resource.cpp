// ListTagsOfResource: returns all tags of a table or a stream on one page and ignores NextToken, as
// AWS does. api: ListTagsOfResource; recorded answers.
#include "protocol/object_writer.h"
#include "server/operations/operation.h"
#include "server/operations/tables/tag_input.h"

namespace pageturner {

Result<void> list_tags_of_resource(Database& database, const Request& request, std::string& out) {
  if (!request.body.find("ResourceArn")) return validation_error("Invalid TableArn");
  PAGETURNER_ASSIGN_OR_RETURN(const ResourceArn arn, parse_tagged_arn(request.body));
  PAGETURNER_ASSIGN_OR_RETURN(const Resource resource, find_tagged(database, arn));
  ObjectWriter response(out);
  append_list(response.member("Tags"), resource.settings().tags,
              [](std::string& list, const Tag& tag) {
                ObjectWriter object(list);
                object.text("Key", tag.key);
                object.text("Value", tag.value);
              });
  return {};
}

}  // namespace pageturner
