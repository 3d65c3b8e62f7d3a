#include "tests/fuzz/database_check.h"

#include <cstdint>
#include <limits>

#include "storage/expiry.h"
#include "storage/index_changes.h"
#include "storage/stored_item.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/all_entries.h"

namespace pageturner {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

// A number of entries with their total size, for comparison with counters.
struct Total {
  std::int64_t count = 0;
  std::int64_t size_bytes = 0;

  void add(std::string_view stored) {
    ++count;
    size_bytes += static_cast<std::int64_t>(ItemView(stored).size_bytes());
  }
  bool operator==(const Total&) const = default;
};

Total counted(const Counters& counters) { return {counters.item_count, counters.size_bytes}; }

Total walked(const ReadView& view, KeyspaceId space) {
  Total total;
  view.walk(space, {}, Direction::forward, [&](std::string_view, std::string_view value) {
    total.add(value);
    return true;
  });
  return total;
}

// The entries that refer to the items of a table.
struct References {
  std::vector<Total> entries;  // per index
  std::size_t expiring = 0;
};

void check_item(const ReadView& view, const Table& table, std::string_view key,
                std::string_view value, References& references) {
  const ItemView item(value);
  const StoredItemSource source(item);
  require(encode_key(table.layout, source) == key, "an item is stored under its key");
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    const Index& index = *table.indexes[i];
    const auto index_key = encode_key(index.layout, source);
    if (!index_key) continue;
    const auto entry = view.get(index.layout.space, *index_key);
    require(entry.has_value() && *entry == index_entry(index, item),
            "an index has the entry of each item");
    references.entries[i].add(*entry);
  }
  if (const auto expiry = expiry_key(table, key, item)) {
    require(view.get(table.expiry_space, *expiry).has_value(),
            "an item that can expire has an expiry entry");
    ++references.expiring;
  }
}

// Checks a table, and returns the number of its entries in the engine.
std::int64_t check_table(const ReadView& view, const Table& table) {
  Total items;
  References references;
  references.entries.resize(table.indexes.size());
  view.walk(table.layout.space, {}, Direction::forward,
            [&](std::string_view key, std::string_view value) {
              check_item(view, table, key, value, references);
              items.add(value);
              return true;
            });
  require(counted(*table.counters) == items, "the counters of a table match its items");
  std::int64_t entries = items.count;
  for (std::size_t i = 0; i < table.indexes.size(); ++i) {
    const Index& index = *table.indexes[i];
    require(walked(view, index.layout.space) == references.entries[i],
            "an index has no other entries");
    require(counted(*index.counters) == references.entries[i],
            "the counters of an index match its entries");
    entries += references.entries[i].count;
  }
  if (table.has_time_to_live()) {
    require(count_entries(view, table.expiry_space) == references.expiring,
            "there are no other expiry entries");
  }
  require((table.stream != nullptr) != table.description.stream_view_type.empty(),
          "a table has the stream of its description");
  return entries + static_cast<std::int64_t>(references.expiring);
}

std::int64_t check_backup(const ReadView& view, const Backup& backup) {
  const Total items = walked(view, backup.space);
  require(items == Total{backup.item_count, backup.size_bytes},
          "the counters of a backup match its items");
  return items.count;
}

}  // namespace

std::string dump(Database& database) {
  std::string text;
  walk_all(*database.engine().read_view(),
           [&](KeyspaceId space, std::string_view key, std::string_view value) {
             text += std::to_string(space) + " " + std::to_string(key.size());
             text.append(key).append(value);
           });
  for (const std::string& name : database.catalog().names("", all)) {
    // Each version of a table is a new object, so its address identifies the version.
    const auto version = reinterpret_cast<std::uintptr_t>(database.catalog().find(name).get());
    text += "," + name + std::to_string(version);
  }
  for (const StreamPointer& stream : database.streams().list({}, nullptr, all)) {
    text += "," + stream->name().table_name + std::to_string(stream->name().created_milliseconds) +
            (stream->last_number() ? " closed" : "");
  }
  for (const BackupPointer& backup : database.backups().all()) text += "," + backup->id;
  return text;
}

void check_database(Database& database) {
  const auto view = database.engine().read_view();
  auto entries = static_cast<std::int64_t>(count_entries(*view, stream_space));
  for (const std::string& name : database.catalog().names("", all)) {
    entries += check_table(*view, *database.catalog().find(name));
  }
  for (const BackupPointer& backup : database.backups().all()) {
    entries += check_backup(*view, *backup);
  }
  std::int64_t stored = 0;
  walk_all(*view, [&](KeyspaceId, std::string_view, std::string_view) { ++stored; });
  require(stored == entries, "the engine has no other entries");
}

}  // namespace pageturner
