// Walking whole key spaces: filling an index or an expiry space that comes to a table with items, a
// backup, a restored table; emptying them. All of it a part at a time: 1,000 entries at the most,
// of about 1 MB. What fills a space gives false where the engine has no room for all of it; the
// space then holds a part, to be erased.
#pragma once

#include <absl/functional/function_ref.h>

#include "storage/catalog.h"
#include "storage/engine/engine.h"

namespace pageturner {

// Puts an entry into `index` for every item of `table` that qualifies, and counts them. Nobody may
// write the table meanwhile. Items whose index key attributes are absent, of another type, empty or
// too long are left out, silently. Source: guide, "Managing Global Secondary Indexes", backfilling
// and violations.
[[nodiscard]] bool fill_index(Engine& engine, const Table& table, const Index& index);

// Copies every entry of the space `from` into the space `to`. Nobody may write either meanwhile.
[[nodiscard]] bool copy_space(Engine& engine, KeyspaceId from, KeyspaceId to);

// Visits the values of all entries of `space` in the order of their keys. Nobody may write it
// meanwhile; everybody else goes on, however long `visit` takes.
void visit_values(Engine& engine, KeyspaceId space,
                  absl::FunctionRef<void(std::string_view value)> visit);

// Names every item of `table` that can expire in its expiry space, which is empty. Nobody may write
// the table meanwhile.
[[nodiscard]] bool fill_expiry_space(Engine& engine, const Table& table);

// Empties a space that nobody sees any more.
void erase_space(Engine& engine, KeyspaceId space);

}  // namespace pageturner
