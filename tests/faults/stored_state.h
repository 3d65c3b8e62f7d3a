// What a database contains, as a text that can be compared.
#pragma once

#include <string>

#include "storage/database.h"

namespace pageturner {

// Returns the items, index entries and expiry entries of each table with the settings of the table,
// the open and closed streams with the number of all records, and the items of the backups, without
// times, ids and numbers of keyspaces. Two databases that ran the same requests have equal states.
std::string stored_state(Database& database);

// Checks that the records of each open stream make the items of its table: each record replaces its
// old image, which is an item at that point, with its new image. Requires: a table has had its
// stream since it was created, with NEW_AND_OLD_IMAGES, and no record is trimmed.
void check_streams(Database& database);

}  // namespace pageturner
