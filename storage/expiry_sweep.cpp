#include "storage/expiry_sweep.h"

#include <algorithm>

#include "protocol/text.h"
#include "storage/expiry.h"
#include "storage/item_writer.h"

namespace pageturner {

ExpirySweep::ExpirySweep(Database& database, std::int64_t now_milliseconds)
    : database_(database),
      now_milliseconds_(now_milliseconds),
      tables_(database.catalog().tables_with_time_to_live()) {
  begin_table();
}

void ExpirySweep::begin_table() {
  if (tables_.empty()) return;
  expired_ = expired_range(*tables_.back(), now_milliseconds_);
  next_ = expired_.begin;
}

bool ExpirySweep::step() {
  std::size_t left = items_per_step;
  while (left > 0 && !tables_.empty()) {
    const std::vector<std::string> keys = next_keys(left);
    const bool is_same_table = std::all_of(
        keys.begin(), keys.end(), [&](const std::string& key) { return erase_expired(key); });
    if (is_same_table && keys.size() == left) {
      next_ = concat(keys.back(), '\0');
    } else {
      tables_.pop_back();
      begin_table();
    }
    left -= keys.size();
  }
  return !tables_.empty();
}

// Returns the next `count` expiry keys of the last table.
std::vector<std::string> ExpirySweep::next_keys(std::size_t count) const {
  std::vector<std::string> keys;
  database_.engine().read_view()->walk(tables_.back()->expiry_space, {next_, expired_.end},
                                       Direction::forward,
                                       [&](std::string_view key, std::string_view) {
                                         keys.emplace_back(key);
                                         return keys.size() < count;
                                       });
  return keys;
}

// Deletes the item of the expiry entry `entry`, if it is still expired. Returns false if the table
// was changed or dropped.
bool ExpirySweep::erase_expired(const std::string& entry) {
  const TablePointer& table = tables_.back();
  ItemWrite write{.table = table, .key = std::string(table_key_of_expiry(entry))};
  write.by_time_to_live = true;
  write.apply = [&](const StoredItemSource* item) -> Result<ItemChange> {
    const auto now = item != nullptr ? expiry_key(*table, write.key, item->view()) : std::nullopt;
    const bool is_expired = now && expired_.contains(*now);
    return ItemChange{is_expired ? ItemChange::Kind::erase : ItemChange::Kind::keep};
  };
  const auto outcome = write_item(database_, write);
  return outcome || outcome.error().type == ErrorType::transaction_conflict;
}

}  // namespace pageturner
