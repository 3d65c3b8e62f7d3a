// The table that a CreateTable request asks for.
#pragma once

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// Reads the body of a CreateTable request, which its shape has accepted, and holds its parameters
// against each other: keys, attribute definitions, indexes, billing, stream, tags. Id and creation
// time are left to the caller. Errors: ValidationException in the words and the order of the
// service. Source: api, CreateTable; recorded answers.
Result<TableDescription> parse_table(JsonValue body);

// Makes `table` one that begins to exist now: with an id, and shown as CREATING, its indexes too,
// for `transition_milliseconds`.
void begin_table(TableDescription& table, std::int64_t transition_milliseconds);

// Refuses indexes of one name, and more of them or of what they project than a table may have.
// Errors: ValidationException.
Result<void> check_index_counts(const TableDescription& table);

}  // namespace pageturner
