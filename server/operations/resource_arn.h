// The table that an operation on tags names by its ARN.
#pragma once

#include <string>

#include "protocol/error.h"
#include "protocol/json.h"
#include "storage/database.h"

namespace pageturner {

struct ResourceArn {
  std::string text;        // as given
  std::string table_name;  // empty where it is the ARN of no table, but of something like it
};

// Holds the form of the parameter ResourceArn, which has to be there, to the rules: the ARN of a
// table or a stream, of any region and account. Errors: ValidationException. Source: recorded
// answers.
Result<ResourceArn> parse_resource_arn(JsonValue body);

// The table of `arn`. Errors: ResourceNotFoundException; there are no tags on streams.
Result<TablePointer> find_resource(Database& database, const ResourceArn& arn);

}  // namespace pageturner
