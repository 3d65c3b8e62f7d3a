// ExclusiveStartKey: its values, and whether it is a key of the table or index that is read. Query
// and Scan check its parts in a different order and with different messages. Source: recorded
// answers. The errors of all checks are ValidationException.
#pragma once

#include <optional>
#include <string>

#include "protocol/error.h"
#include "protocol/json.h"
#include "server/operations/pages/page.h"

namespace pageturner {

// Reads ExclusiveStartKey into `parameters`.
Result<void> parse_start_key(JsonValue body, PageParameters& parameters);

// For a Query, before its key condition is checked: checks the number of attributes, and the
// partition attributes of the source and their types.
Result<void> check_start_partition(const PageSource& source, const Item& start_key);

// Checks the number of attributes, and the key attributes of the source and their types.
Result<void> check_start_entry(const PageSource& source, const Item& start_key);

// The same for a Scan; for a table the message differs.
Result<void> check_scan_start(const PageSource& source, const Item& start_key);

// If the source is an index: checks the key attributes of the table and their types.
Result<void> check_start_item(const PageSource& source, const Item& start_key);

// Returns the encoded key of the entry that `start_key` names. Requires: all checks have accepted
// it. `like` as for encode_partition.
std::string encode_start_key(const PageSource& source, const Item& start_key,
                             std::string_view like = {});

}  // namespace pageturner
