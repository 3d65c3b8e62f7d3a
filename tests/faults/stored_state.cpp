#include "tests/faults/stored_state.h"

#include <limits>
#include <map>
#include <set>

#include "storage/expiry.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/all_entries.h"

namespace pageturner {
namespace {

constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

// Appends the entries of a keyspace.
void append_space(std::string& text, const ReadView& view, std::string_view what,
                  KeyspaceId space) {
  text.append("\n  ").append(what).append(":");
  view.walk(space, {}, Direction::forward, [&](std::string_view key, std::string_view value) {
    text.append("\n    ").append(key).append(" = ").append(value);
    return true;
  });
}

void append_table(std::string& text, const ReadView& view, const Table& table) {
  const TableDescription& description = table.description;
  text += "\ntable " + description.name + " stream " + description.stream_view_type + " ttl " +
          description.time_to_live_attribute +
          (description.point_in_time_recovery ? " recovery" : "");
  for (const Tag& tag : description.settings.tags) text += " " + tag.key + "=" + tag.value;
  append_space(text, view, "items", table.layout.space);
  for (const auto& index : table.indexes) {
    append_space(text, view, "index " + index->description.name, index->layout.space);
  }
  if (!table.has_time_to_live()) return;
  text += "\n  expiring: " + std::to_string(count_entries(view, table.expiry_space));
}

void check_stream(Database& database, const Table& table) {
  std::multiset<std::string> items;
  std::map<std::uint64_t, std::string> records;  // of all shards, in the order of their numbers
  for (std::uint32_t shard = 0; shard < table.stream->shard_ids().size(); ++shard) {
    const auto page = table.stream->read(shard, 0, all);
    require(page.has_value(), "a stream can be read");
    for (const auto& entry : page->entries) records.emplace(entry.number, entry.record);
  }
  for (const auto& [number, bytes] : records) {
    const StreamRecord record = decode_stream_record(bytes);
    if (!record.old_image.empty()) {
      const auto old_item = items.find(std::string(record.old_image));
      require(old_item != items.end(), "the old image of a stream record is an item");
      items.erase(old_item);
    }
    if (!record.new_image.empty()) items.emplace(record.new_image);
  }
  std::multiset<std::string> stored;
  database.engine().read_view()->walk(table.layout.space, {}, Direction::forward,
                                      [&](std::string_view, std::string_view value) {
                                        stored.emplace(value);
                                        return true;
                                      });
  require(items == stored, "the records of a stream make the items of its table");
}

}  // namespace

std::string stored_state(Database& database) {
  std::string text;
  for (const StreamPointer& stream : database.streams().list({}, nullptr, all)) {
    text += "\nstream of " + stream->name().table_name + (stream->last_number() ? " closed" : "");
  }
  const auto view = database.engine().read_view();
  text += "\nstream records " + std::to_string(count_entries(*view, stream_space));
  for (const std::string& name : database.catalog().names("", all)) {
    append_table(text, *view, *database.catalog().find(name));
  }
  for (const BackupPointer& backup : database.backups().all()) {
    text += "\nbackup " + backup->name;
    append_space(text, *view, "items", backup->space);
  }
  return text;
}

void check_streams(Database& database) {
  for (const std::string& name : database.catalog().names("", all)) {
    const TablePointer table = database.catalog().find(name);
    if (table->stream != nullptr) check_stream(database, *table);
  }
}

}  // namespace pageturner
