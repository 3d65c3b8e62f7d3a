// Point-in-time recovery, as it is set and shown.
#pragma once

#include <string>

#include "protocol/table_description.h"

namespace ddb {

// The first and the last moment to which `recovery` lets a table go back, at the time `now`.
struct RestorableTimes {
  std::int64_t earliest_milliseconds;
  std::int64_t latest_milliseconds;
};
RestorableTimes restorable_times(const PointInTimeRecovery& recovery, std::int64_t now);

// Appends {"ContinuousBackupsDescription":{…}} of `table`. Source: recorded answers.
void append_continuous_backups(std::string& out, const TableDescription& table);

}  // namespace ddb
