// Tags in requests.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// Reads the parameter Tags, a list of Tag with distinct keys. Errors: ValidationException. Messages
// and their order are those of the service. Source: guide, "Tagging restrictions in DynamoDB";
// recorded answers.
Result<std::vector<Tag>> parse_tags(JsonValue list);

// Reads the parameter TagKeys. Errors: as parse_tags.
Result<std::vector<std::string>> parse_tag_keys(JsonValue list);

// Checks that one table or one request has at most limits::tags_max tags. Errors:
// ValidationException.
Result<void> check_tag_count(std::size_t count);

// Checks that a request to TagResource or UntagResource has ResourceArn and the list `name`
// ("Tags"). `path` ("tags") is its name in messages. Errors: ValidationException.
Result<void> check_tag_parameters(JsonValue body, std::string_view name, std::string_view path);

}  // namespace pageturner
