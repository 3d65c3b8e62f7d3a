// Errors about global tables of version 2017.11.29, which this server does not have.
#pragma once

#include <string_view>

#include "protocol/error.h"
#include "protocol/text.h"

namespace pageturner {

// The error for a request to create one. Source: recorded answers.
inline Error global_tables_not_supported() {
  return invalid_parameter(
      "DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB "
      "global tables version 2019.11.21, instead of version 2017.11.29 (Legacy).");
}

// The error for requests about the replicas of a table, whether the table exists or not.
inline Error no_replicas(std::string_view name) {
  return {ErrorType::resource_not_found,
          concat("Global table with name: '", name, "' does not exist.")};
}

// Returns GlobalTableNotFoundException. `prefix` is put before its message.
inline Error global_table_not_found(std::string_view prefix, std::string_view name) {
  return {ErrorType::global_table_not_found,
          concat(prefix, "Global table with name: '", name, "' does not exist.")};
}

}  // namespace pageturner
