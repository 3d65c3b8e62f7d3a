// What tags may be, of whatever operation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// The parameter Tags, a list of Tag, each key once. Errors: ValidationException in the words and
// the order of the service. Source: guide, "Tagging restrictions in DynamoDB"; recorded answers.
Result<std::vector<Tag>> parse_tags(JsonValue list);

// The parameter TagKeys. Errors as with parse_tags.
Result<std::vector<std::string>> parse_tag_keys(JsonValue list);

// Refuses more tags, on one table or in one request, than there may be.
Result<void> check_tag_count(std::size_t count);

// Refuses a request to TagResource or UntagResource without its ResourceArn or its list `name`
// ("Tags"), which messages call `path` ("tags").
Result<void> check_tag_parameters(JsonValue body, std::string_view name, std::string_view path);

}  // namespace pageturner
