// KeySchema and AttributeDefinitions in requests.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/error.h"
#include "protocol/json.h"
#include "protocol/table_description.h"

namespace pageturner {

// Returns AttributeDefinitions in the order of the request.
std::vector<KeyAttribute> parse_attribute_definitions(JsonValue json);

// The owner of a KeySchema. Rules and messages depend on it. `added_index`: a global index that
// UpdateTable creates.
enum class KeySchemaOwner { table, local_index, global_index, added_index };

// Reads a KeySchema. `definitions` must define its attributes. Errors: ValidationException.
// Messages and their order are those of the service.
Result<KeySchema> parse_key_schema(JsonValue json, const std::vector<KeyAttribute>& definitions,
                                   KeySchemaOwner owner);

// Adds the names of the attributes of a KeySchema to `names`, as views into its document.
void add_key_names(JsonValue key_schema, std::set<std::string_view>& names);

// Returns the names of `attributes` as messages print them: "[a, b]".
std::string name_list(const std::vector<KeyAttribute>& attributes);

// Returns the types of all key attributes of `table` and its indexes, by name.
std::map<std::string, ScalarType> key_types(const TableDescription& table);

// Returns the definitions of exactly the attributes that keys of `table` have, ordered by name.
// Source: recorded answers.
std::vector<KeyAttribute> used_definitions(const TableDescription& table);

}  // namespace pageturner
