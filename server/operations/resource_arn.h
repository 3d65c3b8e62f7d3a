// The ResourceArn parameter of operations on tags and resource policies.
#pragma once

#include <string>

#include "protocol/error.h"
#include "protocol/json.h"
#include "storage/database.h"

namespace pageturner {

struct ResourceArn {
  std::string text;        // as the request has it
  std::string table_name;  // empty if the form is valid but no table can have this ARN
};

// Reads the parameter ResourceArn: the ARN of a table or a stream, of any region and account.
// Requires: it is present. Errors: ValidationException. Source: recorded answers.
Result<ResourceArn> parse_resource_arn(JsonValue body);

// Returns the table of `arn`. Errors: ResourceNotFoundException, for every stream too: streams have
// no tags.
Result<TablePointer> find_resource(Database& database, const ResourceArn& arn);

}  // namespace pageturner
