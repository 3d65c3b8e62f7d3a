// What ResourceArn names: a table or a stream, each with tags and a resource policy of its own.
#pragma once

#include <optional>
#include <string>

#include "protocol/error.h"
#include "protocol/json.h"
#include "storage/database.h"

namespace pageturner {

// The parameter ResourceArn. No table or stream has an ARN whose name or label is empty here
// although its form is valid, for example because of its case.
struct ResourceArn {
  std::string text;  // as the request has it
  std::string account;
  bool is_stream = false;
  std::string table_name;
  std::string stream_label;  // of a stream

  bool is_of_own_account() const;
};

// Reads the parameter ResourceArn: the ARN of a table or a stream, of any region and account.
// Requires: it is present. Errors: ValidationException. Source: recorded answers.
Result<ResourceArn> parse_resource_arn(JsonValue body);

// One of the pointers is set.
struct Resource {
  TablePointer table;
  StreamPointer stream;

  ResourceSettings settings() const;
  // Returns "table NAME" or "stream LABEL", for messages.
  std::string text() const;
};

// Returns the table or the stream of `arn`, or nothing. A stream is found as long as it can be
// read: also when it is disabled or its table was deleted.
std::optional<Resource> find_resource(Database& database, const ResourceArn& arn);

// Runs `change` on the settings of `resource`. Errors: those of `change`; for a table those of
// Database::change_table.
Result<void> change_settings(Database& database, const Resource& resource, SettingsChange change);

}  // namespace pageturner
