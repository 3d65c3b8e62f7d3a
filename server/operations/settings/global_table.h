// Global tables of version 2017.11.29, of which an account of one region has none.
#pragma once

#include <string_view>

#include "protocol/error.h"

namespace pageturner {

// What asking for a new one is answered with. Source: recorded answers.
inline Error global_tables_not_supported() {
  return invalid_parameter(
      "DynamoDB global tables version 2017.11.29 is not supported. We recommend using DynamoDB "
      "global tables version 2019.11.21, instead of version 2017.11.29 (Legacy).");
}

// What asking for the replicas of a table is answered with, whether it is there or not.
inline Error no_replicas(std::string_view name) {
  return {ErrorType::resource_not_found,
          "Global table with name: '" + std::string(name) + "' does not exist."};
}

// GlobalTableNotFoundException, with `prefix` in front of its text.
inline Error global_table_not_found(std::string_view prefix, std::string_view name) {
  return {ErrorType::global_table_not_found, std::string(prefix) + "Global table with name: '" +
                                                 std::string(name) + "' does not exist."};
}

}  // namespace pageturner
