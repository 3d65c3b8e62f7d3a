// The stored form of a stream record: one change of one item. docs/format.md specifies these bytes;
// tests/format checks this code against it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/engine/engine.h"
#include "storage/stored_item.h"

namespace pageturner {

// The number of one shard of one stream. Never reused in an engine.
using ShardNumber = std::uint32_t;

// Returns the key of the record `number` of a shard in `stream_space`: shard · number, so that the
// records of a shard are adjacent and ordered.
std::string encode_stream_key(ShardNumber shard, std::uint64_t number);

// Returns the number in a key. Requires (not checked): encode_stream_key made it.
std::uint64_t stream_key_number(std::string_view key);

// Returns the range of keys of the records of `shard` from the number `first` on.
KeyRange stream_key_range(ShardNumber shard, std::uint64_t first);

enum class StreamEvent : std::uint8_t { insert = 1, modify = 2, remove = 3 };

// The contents of a record. Images and keys are items in stored form, as views.
struct StreamRecord {
  StreamEvent event = StreamEvent::insert;
  bool by_time_to_live = false;           // the service deleted an expired item
  std::int64_t created_milliseconds = 0;  // since 1970
  std::size_t size_bytes = 0;             // SizeBytes: the sizes of keys and images
  std::string_view new_image = {};        // empty if the view type excludes it
  std::string_view old_image = {};        // the same
  std::string_view keys = {};             // the key attributes; empty if an image contains them
};

// Returns the stored form of `record`.
std::string encode_stream_record(const StreamRecord& record);

// Decodes a record. The views in the result are valid as long as `bytes`. Requires (not checked):
// encode_stream_record wrote them.
StreamRecord decode_stream_record(std::string_view bytes);

// Returns an item of `record` that contains the key attributes, possibly among others.
ItemView item_with_keys(const StreamRecord& record);

}  // namespace pageturner
