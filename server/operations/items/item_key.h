// Items and keys held against the schema of their table.
#pragma once

#include <string>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/expression/update.h"
#include "storage/catalog.h"
#include "storage/stored_item.h"

namespace pageturner {

// The key under which `table` keeps `item`. Errors: ValidationException for a key attribute that is
// missing, of the wrong type, empty or too long, and for an index key attribute that is of the
// wrong type, empty or too long. `in_batch` chooses the words of BatchWriteItem. Source: recorded
// answers.
Result<std::string> key_of_item(const Table& table, ItemView item, bool in_batch = false);

// The key that a request's Key parameter names. Errors: ValidationException where it does not hold
// exactly the table's key attributes with their types, or one is empty or too long.
Result<std::string> key_of_request(const Table& table, const Item& key);

// Refuses an update of the table's key, and one that gives an index key attribute a literal of the
// wrong type or an empty one. Source: recorded answers.
Result<void> check_update_of_keys(const Table& table, const Update& update);

// Refuses what `update` has made of index key attributes where it is of the wrong type, empty or
// too long. What the update does not touch is not looked at. Source: recorded answers.
Result<void> check_updated_index_keys(const Table& table, const Update& update,
                                      const AttributeSource& updated);

// Refuses an item of more than limits::item_size_bytes_max.
Result<void> check_item_size(ItemView item);

// Refuses paths into a key attribute of `table` or of one of its indexes: such an attribute is a
// scalar and has nothing inside.
Result<void> check_paths_into_keys(const Table& table, const std::vector<DocumentPath>& paths);

// What a key that does not fit its schema is answered with.
Error key_mismatch();

}  // namespace pageturner
