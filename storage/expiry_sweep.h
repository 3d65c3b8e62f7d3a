// Deleting what has expired.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "storage/database.h"

namespace pageturner {

// One pass over the tables that have a time to live. Not to be used by two threads at once.
class ExpirySweep {
 public:
  // How many items one step deletes at the most: few enough that whoever stops the sweep, or runs
  // it between other things, waits for some milliseconds only.
  static constexpr std::size_t items_per_step = 500;

  // A pass that deletes what has expired at the time `now_milliseconds` since 1970. `database` has
  // to outlive it.
  ExpirySweep(Database& database, std::int64_t now_milliseconds);

  // Goes on for one step. Everybody else may read and write meanwhile: items are deleted one by
  // one, each only if it still is expired. Those that a transaction holds, and tables that are
  // changed meanwhile, are left to the next pass. Returns whether there is more to do.
  bool step();

 private:
  void begin_table();
  std::vector<std::string> next_keys(std::size_t count) const;
  bool erase_expired(const std::string& entry);

  Database& database_;
  std::int64_t now_milliseconds_;
  std::vector<TablePointer> tables_;  // the last one is under way
  KeyRange expired_;                  // of the table under way
  std::string next_;                  // where the next step begins in it
};

}  // namespace pageturner
