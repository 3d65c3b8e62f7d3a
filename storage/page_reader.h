// The page loop of all reads of many items.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "protocol/expression/condition.h"
#include "protocol/expression/projection.h"
#include "storage/catalog.h"
#include "storage/engine/engine.h"

namespace pageturner {

struct PageRequest {
  const Table* table = nullptr;
  const Index* index = nullptr;               // nullptr: reads the table itself
  KeyRange range;                             // starts after ExclusiveStartKey
  std::vector<KeyRange> further_ranges = {};  // read after `range`, in this order
  Direction direction = Direction::forward;
  std::optional<std::uint64_t> limit;  // of evaluated items
  std::optional<PreparedCondition> filter;
  std::optional<Projection> projection;  // nothing: all attributes of an entry
  bool count_only = false;
  // For a local index that does not project all requested attributes: each entry's item is read
  // from the table and used in place of the entry, also for its size.
  bool fetch_items = false;
};

struct PageResult {
  std::uint64_t count = 0;           // items that passed the filter
  std::uint64_t scanned_count = 0;   // items evaluated
  std::size_t evaluated_bytes = 0;   // sum of the sizes of their entries, as read
  std::int64_t evaluated_units = 0;  // 4 KB units of those, rounded up for each range
  std::int64_t fetched_units = 0;    // 4 KB units of the items that fetch_items read from the table
  // The key of the last evaluated item, in the layout of what was read; nothing if the ranges are
  // exhausted.
  std::optional<std::string> last_evaluated_key;
};

// Reads one page from `view` and appends its items to `out`, within an array that the caller opens
// and closes. Requires: `out` is as append_comma requires, unless the request is `count_only`.
//
// The page ends when `limit` items were evaluated, even if nothing follows; or when the next item
// would take the size of what is read (with `fetch_items`: of the table's items, not of the
// entries) beyond limits::page_size_bytes_max; or when the ranges are exhausted. Only in the last
// case there is no last_evaluated_key. The filter does not affect where it ends. Source: guide,
// "Paginating table query results"; docs/differences.md for the item that crosses 1 MB.
PageResult read_page(const ReadView& view, const PageRequest& request, std::string& out);

}  // namespace pageturner
