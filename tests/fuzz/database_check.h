// What has to hold in a database after whatever clients did to it.
#pragma once

#include <string>

#include "storage/database.h"

namespace pageturner {

// All that a database keeps: entries, versions of tables, streams, backups. Two that are equal are
// of databases between which nothing has changed.
std::string dump(Database& database);

// Holds entries of indexes and expiry spaces, counts, streams and backups against the items they
// are about, and the engine against all of them: nothing else is in it.
void check_database(Database& database);

}  // namespace pageturner
