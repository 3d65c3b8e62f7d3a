// Invariants of a database, checked after arbitrary requests.
#pragma once

#include <string>

#include "storage/database.h"

namespace pageturner {

// Returns a text with everything a database contains: entries, versions of tables, streams and
// backups. Two equal texts mean that nothing has changed in between.
std::string dump(Database& database);

// Checks that index entries, expiry entries, counters, streams and backups match their items, and
// that the engine contains no other entries.
void check_database(Database& database);

}  // namespace pageturner
