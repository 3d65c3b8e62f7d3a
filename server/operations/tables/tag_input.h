// Tags in requests.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"
#include "server/operations/resource.h"

namespace pageturner {

// Reads the parameter Tags, a list of Tag with distinct keys. Errors: ValidationException. Messages
// and their order are those of the service. Source: guide, "Tagging restrictions in DynamoDB";
// recorded answers.
Result<std::vector<Tag>> parse_tags(JsonValue list);

// Reads the parameter TagKeys. Returns views into the document of `list`, which may be equal.
// Errors: as parse_tags.
Result<std::vector<std::string_view>> parse_tag_keys(JsonValue list);

// Checks that one table, one stream or one request has at most limits::tags_max tags. Errors:
// ValidationException.
Result<void> check_tag_count(std::size_t count);

// Checks that a request to TagResource or UntagResource has ResourceArn and the list `name`
// ("Tags"). `path` ("tags") is its name in messages. Errors: ValidationException.
Result<void> check_tag_parameters(JsonValue body, std::string_view name, std::string_view path);

// Reads the parameter ResourceArn of an operation on tags. Errors: those of parse_resource_arn;
// AccessDeniedException for another account. Source: recorded answers.
Result<ResourceArn> parse_tagged_arn(JsonValue body);

// Returns the table or the stream of `arn`. Errors: ResourceNotFoundException.
Result<Resource> find_tagged(Database& database, const ResourceArn& arn);

}  // namespace pageturner
