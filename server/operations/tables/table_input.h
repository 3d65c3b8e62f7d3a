// The table that a CreateTable request describes.
#pragma once

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// Reads the body of a CreateTable request and checks its parameters against each other: keys,
// attribute definitions, indexes, billing, stream, tags. Does not set id and creation time (see
// begin_table). Requires: the shape of the operation accepted `body`. Errors: ValidationException.
// Messages and their order are those of the service. Source: api, CreateTable; recorded answers.
Result<TableDescription> parse_table(JsonValue body);

// Sets the id and the creation time of `table`, and the status CREATING of the table and its
// indexes for `transition_milliseconds`.
void begin_table(TableDescription& table, std::int64_t transition_milliseconds);

// Checks that the names of indexes are distinct, and the numbers of indexes and of projected
// attributes. Errors: ValidationException.
Result<void> check_index_counts(const TableDescription& table);

}  // namespace pageturner
