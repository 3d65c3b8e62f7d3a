// A record of a stream as it is kept: one change of one item. docs/format.md is the record of these
// bytes; tests/format holds this code to it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/engine/engine.h"
#include "storage/stored_item.h"

namespace pageturner {

// Names one shard of one stream. Never used twice in an engine.
using ShardNumber = std::uint32_t;

// The key of the record `number` of a shard: space · shard · number, so that the records of a shard
// lie together and in their order.
std::string encode_stream_key(ShardNumber shard, std::uint64_t number);

// The number in a key that encode_stream_key made.
std::uint64_t stream_key_number(std::string_view key);

// The keys of the records of `shard` from the number `first` on.
KeyRange stream_key_range(ShardNumber shard, std::uint64_t first);

enum class StreamEvent : std::uint8_t { insert = 1, modify = 2, remove = 3 };

// What a record holds. Images and keys are items in stored form.
struct StreamRecord {
  StreamEvent event = StreamEvent::insert;
  bool by_time_to_live = false;           // the service removed the item, not a client
  std::int64_t created_milliseconds = 0;  // since 1970
  std::size_t size_bytes = 0;             // SizeBytes: keys and images, as items are counted
  std::string_view new_image = {};        // empty where the record shows none
  std::string_view old_image = {};        // the same
  std::string_view keys =
      {};  // the key attributes; given only where there is no image to hold them
};

// The stored form of `record`.
std::string encode_stream_record(const StreamRecord& record);

// Reads what encode_stream_record wrote. The views are valid as long as `bytes`.
StreamRecord decode_stream_record(std::string_view bytes);

// Any item of `record` that has the key attributes, maybe among others.
ItemView item_with_keys(const StreamRecord& record);

}  // namespace pageturner
