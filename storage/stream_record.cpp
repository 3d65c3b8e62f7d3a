#include "storage/stream_record.h"

#include "storage/byte_order.h"
#include "storage/key_codec.h"

namespace pageturner {
namespace {

constexpr std::size_t number_bytes = 8;
constexpr std::size_t time_bytes = 8;
constexpr std::size_t length_bytes = 4;
constexpr std::uint8_t time_to_live_flag = 1;

// Removes the first `count` bytes from `bytes` and returns them.
std::string_view take(std::string_view& bytes, std::size_t count) {
  const std::string_view taken = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return taken;
}

std::uint64_t take_number(std::string_view& bytes, std::size_t count) {
  return read_little_endian(take(bytes, count));
}

}  // namespace

std::string encode_stream_key(ShardNumber shard, std::uint64_t number) {
  std::string key;
  append_big_endian(key, shard);
  append_big_endian(key, number, number_bytes);
  return key;
}

std::uint64_t stream_key_number(std::string_view key) {
  return read_big_endian(key.substr(key.size() - number_bytes));
}

KeyRange stream_key_range(ShardNumber shard, std::uint64_t first) {
  return {encode_stream_key(shard, first), encode_stream_key(shard + 1, 0)};
}

std::string encode_stream_record(const StreamRecord& record) {
  constexpr std::size_t header_bytes = time_bytes + 2 + 3 * length_bytes;
  std::string bytes;
  bytes.reserve(header_bytes + record.new_image.size() + record.old_image.size() +
                record.keys.size());
  append_little_endian(bytes, static_cast<std::uint64_t>(record.created_milliseconds), time_bytes);
  append_little_endian(bytes, static_cast<std::uint8_t>(record.event), 1);
  append_little_endian(bytes, record.by_time_to_live ? time_to_live_flag : 0, 1);
  append_little_endian(bytes, record.size_bytes);
  append_little_endian(bytes, record.new_image.size());
  append_little_endian(bytes, record.old_image.size());
  return bytes.append(record.new_image).append(record.old_image).append(record.keys);
}

StreamRecord decode_stream_record(std::string_view bytes) {
  StreamRecord record;
  record.created_milliseconds = static_cast<std::int64_t>(take_number(bytes, time_bytes));
  record.event = static_cast<StreamEvent>(take_number(bytes, 1));
  record.by_time_to_live = (take_number(bytes, 1) & time_to_live_flag) != 0;
  record.size_bytes = take_number(bytes, length_bytes);
  const std::size_t new_image_bytes = take_number(bytes, length_bytes);
  const std::size_t old_image_bytes = take_number(bytes, length_bytes);
  record.new_image = take(bytes, new_image_bytes);
  record.old_image = take(bytes, old_image_bytes);
  record.keys = bytes;
  return record;
}

ItemView item_with_keys(const StreamRecord& record) {
  return ItemView(!record.keys.empty()        ? record.keys
                  : !record.new_image.empty() ? record.new_image
                                              : record.old_image);
}

}  // namespace pageturner
