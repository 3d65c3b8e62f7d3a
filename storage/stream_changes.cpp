#include "storage/stream_changes.h"

#include <algorithm>
#include <new>

#include "storage/key_codec.h"

namespace pageturner {
namespace {

// Returns the key attributes of the item with the key `item_key`.
Item key_attributes(const KeyLayout& layout, std::string_view item_key) {
  Item keys;
  for (auto& [name, value] : decode_key(layout, item_key)) keys.emplace(name, std::move(value));
  return keys;
}

// Returns the record of a change, in stored form.
std::string encode_change(const Table& table, std::string_view item_key, const ItemView* old_item,
                          const ItemView* new_item, StreamRecord record) {
  const Stream& stream = *table.stream;
  const Item keys = key_attributes(table.layout, item_key);
  record.size_bytes = item_size_bytes(keys);
  if (new_item != nullptr && stream.shows_new_images()) {
    record.new_image = new_item->bytes();
    record.size_bytes += new_item->size_bytes();
  }
  if (old_item != nullptr && stream.shows_old_images()) {
    record.old_image = old_item->bytes();
    record.size_bytes += old_item->size_bytes();
  }
  std::string stored_keys;
  if (record.new_image.empty() && record.old_image.empty()) {
    record.keys = stored_keys = encode_stored_item(keys);
  }
  return encode_stream_record(record);
}

}  // namespace

bool equal_items(ItemView left, ItemView right) {
  if (left.bytes() == right.bytes()) return true;
  if (left.attribute_count() != right.attribute_count()) return false;
  // Attributes are sorted by name.
  for (std::size_t i = 0; i < left.attribute_count(); ++i) {
    if (left.escaped_name(i) != right.escaped_name(i)) return false;
    const std::string_view left_json = left.value_json(i);
    const std::string_view right_json = right.value_json(i);
    if (left_json == right_json) continue;
    // Numbers and binary values have one stored form each, so equal values have equal sizes.
    if (left_json.size() != right_json.size() ||
        !(decode_stored_value(left_json) == decode_stored_value(right_json))) {
      return false;
    }
  }
  return true;
}

void StreamChanges::add(const Table& table, std::string_view item_key, const ItemView* old_item,
                        const ItemView* new_item, bool by_time_to_live) {
  if (table.stream == nullptr) return;
  if (old_item != nullptr && new_item != nullptr && equal_items(*old_item, *new_item)) return;
  if (old_item == nullptr && new_item == nullptr) return;
  const std::int64_t now = table.stream->now_milliseconds();
  const StreamEvent event = old_item == nullptr   ? StreamEvent::insert
                            : new_item == nullptr ? StreamEvent::remove
                                                  : StreamEvent::modify;
  changes_.push_back(
      {table.stream, table.stream->shard_of(item_key), now,
       encode_change(
           table, item_key, old_item, new_item,
           {.event = event, .by_time_to_live = by_time_to_live, .created_milliseconds = now})});
}

bool StreamChanges::try_commit(Engine& engine, WriteBatch batch, bool must_succeed) {
  const auto commit = [&] {
    if (!must_succeed) return engine.try_commit(std::move(batch));
    engine.commit(std::move(batch));
    return true;
  };
  if (changes_.empty()) return commit();
  // Each stream once, in the order of addresses, so that two transactions cannot deadlock.
  std::vector<Stream*> streams;
  for (const Change& change : changes_) streams.push_back(change.stream.get());
  std::sort(streams.begin(), streams.end());
  streams.erase(std::unique(streams.begin(), streams.end()), streams.end());
  std::vector<std::unique_lock<std::mutex>> guards;
  guards.reserve(streams.size());
  for (Stream* stream : streams) guards.push_back(stream->lock());
  for (Change& change : changes_) {
    change.stream->append(change.shard, change.created_milliseconds, std::move(change.record),
                          batch);
  }
  const bool is_committed = commit();
  guards.clear();
  // Also after a failed commit: trimming frees memory.
  try {
    for (const Change& change : changes_) change.stream->trim(change.shard);
  } catch (const std::bad_alloc&) {
    // The changes are committed: this must not make them fail. Later writes and sweeps trim again.
  }
  return is_committed;
}

}  // namespace pageturner
