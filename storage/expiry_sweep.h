// Deletes expired items.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"

namespace pageturner {

// One pass over the tables that have a time to live. Not thread-safe.
class ExpirySweep {
 public:
  // The number of items that one step deletes at most: so few that a step usually takes some
  // milliseconds. (A step can take longer while a table is being changed.)
  static constexpr std::size_t items_per_step = 500;

  // A pass that deletes the items that are expired at the time `now_milliseconds` since 1970.
  // `database` must outlive it.
  ExpirySweep(Database& database, std::int64_t now_milliseconds);

  // Runs one step. Items are deleted one by one with write_item, so concurrent reads and writes are
  // possible; each is deleted only if it is still expired. Items that a transaction holds and
  // tables that are changed meanwhile are left to the next pass. Returns whether there is more to
  // do.
  bool step();

 private:
  void begin_table();
  std::vector<std::string> next_keys(std::size_t count) const;
  bool erase_expired(const std::string& entry);

  Database& database_;
  std::int64_t now_milliseconds_;
  std::vector<TablePointer> tables_;  // the last one is being swept
  KeyRange expired_;                  // of the last table
  std::string next_;                  // where the next step begins in that range
};

}  // namespace pageturner
