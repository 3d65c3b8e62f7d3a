// The page loop: everything that reads many items reads them here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/expression/ast.h"
#include "protocol/expression/projection.h"
#include "storage/catalog.h"
#include "storage/engine/engine.h"

namespace pageturner {

struct PageRequest {
  const Table* table = nullptr;
  const Index* index = nullptr;               // nullptr: the table itself is read
  KeyRange range;                             // already narrowed by ExclusiveStartKey
  std::vector<KeyRange> further_ranges = {};  // read after `range`, in their order
  Direction direction = Direction::forward;
  std::optional<std::uint64_t> limit;  // of evaluated items
  std::optional<ExpressionNode> filter;
  std::optional<Projection> projection;  // none: everything an entry holds
  bool count_only = false;
  // A local index is asked for what it does not hold: each entry's item is read from the table, and
  // takes the entry's place in all that follows, its size too.
  bool fetch_items = false;
};

struct PageResult {
  std::uint64_t count = 0;           // items that passed the filter
  std::uint64_t scanned_count = 0;   // items evaluated
  std::size_t evaluated_bytes = 0;   // the sizes of their entries, in what was read
  std::int64_t evaluated_units = 0;  // 4 KB units of those, of each range for itself
  std::int64_t fetched_units = 0;    // 4 KB units of the items read from the table by fetch_items
  // The key of the last evaluated item, in the layout of what was read. Nothing: the ranges have no
  // more.
  std::optional<std::string> last_evaluated_key;
};

// Reads one page from one view and appends its items to `out`, separated by commas.
//
// The page ends at the first of: `limit` items have been evaluated, even when nothing follows; the
// next item would take the evaluated bytes over limits::page_size_bytes_max; the range is
// exhausted. Only in the last case there is no last_evaluated_key. The filter does not change where
// it ends. Source: guide, "Paginating table query results"; docs/differences.md for the item that
// crosses 1 MB.
PageResult read_page(const ReadView& view, const PageRequest& request, std::string& out);

}  // namespace pageturner
