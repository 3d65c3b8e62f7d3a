// Filling new keyspaces: indexes and expiry times. They commit in parts of at most about 1,000
// entries and 1 MB, so that other commits can go in between. They return false if the engine has no
// room for all of it; the keyspace then contains a part, which the caller must erase.
#pragma once

#include "storage/catalog.h"
#include "storage/engine/engine.h"

namespace pageturner {

// Puts an entry into `index` for every item of `table` that qualifies, and counts them. Requires
// (not checked): no concurrent writes to the table. Items whose index key attributes are absent, of
// another type, empty or too long are skipped without an error. Source: guide, "Managing Global
// Secondary Indexes", backfilling and violations.
[[nodiscard]] bool fill_index(Engine& engine, const Table& table, const Index& index);

// Adds an entry to the expiry keyspace of `table`, which must be empty, for every item that can
// expire. Requires (not checked): no concurrent writes to the table.
[[nodiscard]] bool fill_expiry_space(Engine& engine, const Table& table);

}  // namespace pageturner
