// ExclusiveStartKey: its values, and whether it is a key of what is read. Query and Scan look at
// its parts in different order and words. Source: recorded answers.
#pragma once

#include <optional>
#include <string>

#include "protocol/error.h"
#include "protocol/json.h"
#include "server/operations/pages/page.h"

namespace pageturner {

// The parameter ExclusiveStartKey, into `parameters`.
Result<void> parse_start_key(JsonValue body, PageParameters& parameters);

// For a Query, before its key condition is looked at: the number of attributes, and the partition
// attributes of what is read with their types.
Result<void> check_start_partition(const PageSource& source, const Item& start_key);

// The key attributes of what is read with their types, and no attributes too many.
Result<void> check_start_entry(const PageSource& source, const Item& start_key);

// For a Scan of a table: the same, in words of its own.
Result<void> check_scan_start(const PageSource& source, const Item& start_key);

// Where an index is read: the key attributes of the table with their types.
Result<void> check_start_item(const PageSource& source, const Item& start_key);

// The key of the entry that a start key stands for, which all checks have passed.
std::string encode_start_key(const PageSource& source, const Item& start_key);

}  // namespace pageturner
