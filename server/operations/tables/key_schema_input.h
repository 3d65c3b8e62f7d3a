// KeySchema and AttributeDefinitions of a request.
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

// AttributeDefinitions, in their order.
std::vector<KeyAttribute> parse_attribute_definitions(JsonValue json);

// What kind of KeySchema is read: the rules and some words differ.
// `added_index`: a global index that UpdateTable creates.
enum class KeySchemaOwner { table, local_index, global_index, added_index };

// A KeySchema whose attributes `definitions` define. Errors: ValidationException in the words and
// the order of the service.
Result<KeySchema> parse_key_schema(JsonValue json, const std::vector<KeyAttribute>& definitions,
                                   KeySchemaOwner owner);

// Adds the names of a KeySchema's attributes to `names`.
void add_key_names(JsonValue key_schema, std::set<std::string_view>& names);

// "[a, b]"
std::string name_list(const std::vector<KeyAttribute>& attributes);

// The types of all key attributes of `table` and its indexes, by name.
std::map<std::string, ScalarType> key_types(const TableDescription& table);

// The definitions of exactly the attributes that keys use, by name. Source: recorded answers.
std::vector<KeyAttribute> used_definitions(const TableDescription& table);

}  // namespace pageturner
