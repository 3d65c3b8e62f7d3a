// Validates items and keys against the schema of their table.
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

// Returns the encoded key of `item` in `table`. Errors: ValidationException for a key attribute
// that is missing, of the wrong type, empty or too long, and for an index key attribute that is of
// the wrong type, empty or too long. `in_batch` selects the messages of BatchWriteItem. Source:
// recorded answers.
Result<std::string> key_of_item(const Table& table, ItemView item, bool in_batch = false);

// Returns the encoded key for the Key parameter of a request. Errors: ValidationException if it
// does not consist of exactly the table's key attributes with their types, or one is empty or too
// long.
Result<std::string> key_of_request(const Table& table, const Item& key);

// Checks, before the item is read, that `update` does not change the table's key, gives no index
// key attribute a wrong type or an empty value, and has no path into a key attribute of the table
// or of an index. Errors: ValidationException, in this order. Source: recorded answers.
Result<void> check_update_of_keys(const Table& table, const Update& update);

// Checks the index key attributes that `update` changes: their values in `updated` must have the
// right type and be neither empty nor too long. Errors: ValidationException. Source: recorded
// answers.
Result<void> check_updated_index_keys(const Table& table, const Update& update,
                                      const AttributeSource& updated);

// Checks that `item` has at most limits::item_size_bytes_max bytes. Errors: ValidationException.
Result<void> check_item_size(ItemView item);

// Checks that no path goes into a key attribute of `table` or of one of its indexes: these are
// scalars. Errors: ValidationException.
Result<void> check_paths_into_keys(const Table& table, const std::vector<DocumentPath>& paths);

// Returns the error for a key that does not conform to the schema of its table.
Error key_mismatch();

}  // namespace pageturner
