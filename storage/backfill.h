// Operations on whole keyspaces: fill a new index or expiry keyspace, copy a keyspace for a backup
// or a restored table, erase one. All work in parts of at most 1,000 entries and about 1 MB, so
// that other threads can use the engine in between. Functions that fill a keyspace return false if
// the engine has no room for all of it; the keyspace then contains a part, which the caller must
// erase.
#pragma once

#include <absl/functional/function_ref.h>

#include "storage/catalog.h"
#include "storage/engine/engine.h"

namespace pageturner {

// Puts an entry into `index` for every item of `table` that qualifies, and counts them. Requires
// (not checked): no concurrent writes to the table. Items whose index key attributes are absent, of
// another type, empty or too long are skipped without an error. Source: guide, "Managing Global
// Secondary Indexes", backfilling and violations.
[[nodiscard]] bool fill_index(Engine& engine, const Table& table, const Index& index);

// Copies every entry of the keyspace `from` to the keyspace `to`. Requires (not checked): no
// concurrent writes to either.
[[nodiscard]] bool copy_space(Engine& engine, KeyspaceId from, KeyspaceId to);

// Calls `visit` with the values of all entries of `space` in the order of their keys. `visit` runs
// without a view, so it may take long without blocking other threads. Requires (not checked): no
// concurrent writes to `space`.
void visit_values(Engine& engine, KeyspaceId space,
                  absl::FunctionRef<void(std::string_view value)> visit);

// Adds an entry to the expiry keyspace of `table`, which must be empty, for every item that can
// expire. Requires (not checked): no concurrent writes to the table.
[[nodiscard]] bool fill_expiry_space(Engine& engine, const Table& table);

// Erases all entries of `space`. Cannot fail. Requires (not checked): nothing reads or writes it
// any more.
void erase_space(Engine& engine, KeyspaceId space) noexcept;

}  // namespace pageturner
