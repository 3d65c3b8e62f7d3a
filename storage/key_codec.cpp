#include "storage/key_codec.h"

#include <absl/container/inlined_vector.h>
#include <libdeflate.h>

#include <algorithm>

#include "protocol/assert.h"
#include "storage/byte_order.h"

namespace pageturner {
namespace {

// S and B: a zero byte is escaped, and the end mark sorts before every byte that could follow.
constexpr char zero_byte = '\x00';
constexpr char escaped_zero = '\xFF';
constexpr char end_of_text = '\x01';

void append_text(std::string& out, std::string_view text) {
  for (auto zero = text.find(zero_byte); zero != text.npos; zero = text.find(zero_byte)) {
    out.append(text, 0, zero + 1);
    out += escaped_zero;
    text.remove_prefix(zero + 1);
  }
  out += text;
  out += zero_byte;
  out += end_of_text;
}

// The size of the text at the beginning of `in`, with its end mark.
std::size_t text_length(std::string_view in) {
  std::size_t at = in.find(zero_byte);
  PAGETURNER_ASSERT(at < in.size());
  while (in[at + 1] != end_of_text) {
    at = in.find(zero_byte, at + 2);
    PAGETURNER_ASSERT(at < in.size());
  }
  return at + 2;
}

std::string take_text(std::string_view& in) {
  const std::size_t length = text_length(in);
  std::string text;
  text.reserve(length - 2);
  for (std::size_t i = 0; i < length - 2; ++i) {
    text += in[i];
    if (in[i] == zero_byte) ++i;
  }
  in.remove_prefix(length);
  return text;
}

// N: the value as 0.PPPP… × 100^k with pairs of digits P. The first byte combines sign and k; each
// pair follows as P + 1, then a zero byte ends it. The bytes of a negative number are all
// complemented. Zero is the first byte of the smallest positive power and no pairs, which sorts
// before every positive number.
constexpr int positive_base = 0x80;
constexpr int lowest_power = limits::number_exponent_min / 2;  // -65

int power_of_hundred(int exponent) { return exponent >= 0 ? exponent / 2 : (exponent - 1) / 2; }

void append_number(std::string& out, const Number& number) {
  const std::size_t begin = out.size();
  if (number.is_zero()) {
    out += static_cast<char>(positive_base);
  } else {
    const int power = power_of_hundred(number.exponent());
    out += static_cast<char>(positive_base + power - lowest_power);
    // With an even exponent the first digit is the lower half of its pair.
    std::string digits(number.exponent() == 2 * power ? 1 : 0, '\0');
    digits += number.digits();
    if (digits.size() % 2 != 0) digits += '\0';
    for (std::size_t i = 0; i < digits.size(); i += 2) {
      out += static_cast<char>(digits[i] * 10 + digits[i + 1] + 1);
    }
  }
  out += zero_byte;
  if (number.is_negative()) {
    for (std::size_t i = begin; i < out.size(); ++i) out[i] = static_cast<char>(~out[i]);
  }
}

Number take_number(std::string_view& in) {
  const bool negative = static_cast<unsigned char>(in.front()) < positive_base;
  const auto next = [&] {
    PAGETURNER_ASSERT(!in.empty());
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    return negative ? 0xFF - byte : int{byte};
  };
  int exponent = (next() - positive_base + lowest_power) * 2 + 1;
  std::string digits;
  for (int pair = next(); pair != 0; pair = next()) {
    digits += static_cast<char>((pair - 1) / 10);
    digits += static_cast<char>((pair - 1) % 10);
  }
  std::string_view significant = digits;
  while (!significant.empty() && significant.front() == 0) {
    significant.remove_prefix(1);
    --exponent;
  }
  while (!significant.empty() && significant.back() == 0) significant.remove_suffix(1);
  return Number::from_digits(negative, exponent, significant);
}

// The size of the value of type `type` at the beginning of `in`.
std::size_t key_value_length(std::string_view in, ScalarType type) {
  if (type != ScalarType::n) return text_length(in);
  const bool negative = static_cast<unsigned char>(in.front()) < positive_base;
  return in.find(negative ? '\xFF' : '\x00', 1) + 1;
}

// Distributes partitions over the keyspace. CRC-32, because it is the same on every machine and
// fast.
std::uint32_t hash_of(std::string_view partition_key) {
  return libdeflate_crc32(0, partition_key.data(), partition_key.size());
}

constexpr std::size_t space_bytes = 4;
constexpr std::size_t hash_bytes = 4;
constexpr std::size_t header_bytes = space_bytes + hash_bytes;

bool append_all(std::string& out, const std::vector<KeyAttribute>& attributes,
                const AttributeSource& source) {
  for (const KeyAttribute& attribute : attributes) {
    const AttributeValue* value = source.find(attribute.name);
    if (value == nullptr || !has_type(*value, attribute.type)) return false;
    append_key_value(out, *value);
  }
  return true;
}

}  // namespace

void append_key_value(std::string& out, const AttributeValue& value) {
  if (const auto* number = value.get_if<Number>()) {
    append_number(out, *number);
  } else if (const auto* binary = value.get_if<Binary>()) {
    append_text(out, binary->bytes);
  } else {
    append_text(out, value.as<std::string>());
  }
}

AttributeValue take_key_value(std::string_view& in, ScalarType type) {
  switch (type) {
    case ScalarType::n:
      return {take_number(in)};
    case ScalarType::b:
      return {Binary{take_text(in)}};
    case ScalarType::s:
      break;
  }
  return {take_text(in)};
}

std::string encode_partition(const KeyLayout& layout,
                             std::span<const AttributeValue* const> partition_values) {
  PAGETURNER_ASSERT(partition_values.size() == layout.partition.size());
  constexpr std::size_t usual_key_bytes = 96;
  std::string key;
  key.reserve(usual_key_bytes);
  append_big_endian(key, layout.space);
  append_big_endian(key, 0);  // the hash, written below
  for (const AttributeValue* value : partition_values) append_key_value(key, *value);
  write_big_endian(key.data() + space_bytes, hash_of(std::string_view(key).substr(header_bytes)));
  return key;
}

std::optional<std::string> encode_key(const KeyLayout& layout, const AttributeSource& source) {
  absl::InlinedVector<const AttributeValue*, limits::index_key_attributes_max> partition_values;
  for (const KeyAttribute& attribute : layout.partition) {
    const AttributeValue* value = source.find(attribute.name);
    if (value == nullptr || !has_type(*value, attribute.type)) return std::nullopt;
    partition_values.push_back(value);
  }
  std::string key = encode_partition(layout, partition_values);
  if (!append_all(key, layout.sort, source) || !append_all(key, layout.suffix, source)) {
    return std::nullopt;
  }
  return key;
}

std::vector<std::pair<std::string_view, AttributeValue>> decode_key(const KeyLayout& layout,
                                                                    std::string_view key) {
  PAGETURNER_ASSERT(key.size() > header_bytes &&
                    read_big_endian(key.substr(0, space_bytes)) == layout.space);
  key.remove_prefix(header_bytes);
  std::vector<std::pair<std::string_view, AttributeValue>> attributes;
  for (const auto* part : {&layout.partition, &layout.sort, &layout.suffix}) {
    for (const KeyAttribute& attribute : *part) {
      AttributeValue value = take_key_value(key, attribute.type);
      const bool seen = std::any_of(attributes.begin(), attributes.end(), [&](const auto& entry) {
        return entry.first == attribute.name;
      });
      if (!seen) attributes.emplace_back(attribute.name, std::move(value));
    }
  }
  PAGETURNER_ASSERT(key.empty());
  return attributes;
}

std::string table_key_of(const KeyLayout& index, const KeyLayout& table,
                         std::string_view index_key) {
  PAGETURNER_ASSERT(index_key.size() > header_bytes);
  index_key.remove_prefix(header_bytes);
  for (const auto* part : {&index.partition, &index.sort}) {
    for (const KeyAttribute& attribute : *part) {
      index_key.remove_prefix(key_value_length(index_key, attribute.type));
    }
  }
  std::size_t partition_length = 0;
  for (const KeyAttribute& attribute : table.partition) {
    partition_length += key_value_length(index_key.substr(partition_length), attribute.type);
  }
  std::string key;
  key.reserve(header_bytes + index_key.size());
  append_big_endian(key, table.space);
  append_big_endian(key, hash_of(index_key.substr(0, partition_length)));
  return key += index_key;
}

std::string encode_expiry_time(KeyspaceId space, const Number& time) {
  std::string key;
  append_big_endian(key, space);
  append_number(key, time);
  return key;
}

std::string encode_expiry_key(KeyspaceId space, const Number& time, std::string_view table_key) {
  return encode_expiry_time(space, time).append(table_key.substr(space_bytes));
}

std::string table_key_of_expiry(const KeyLayout& table, std::string_view expiry_key) {
  PAGETURNER_ASSERT(expiry_key.size() > space_bytes);
  expiry_key.remove_prefix(space_bytes);
  expiry_key.remove_prefix(key_value_length(expiry_key, ScalarType::n));
  std::string key;
  append_big_endian(key, table.space);
  return key.append(expiry_key);
}

std::uint32_t partition_hash(std::string_view key) {
  PAGETURNER_ASSERT(key.size() >= header_bytes);
  return static_cast<std::uint32_t>(read_big_endian(key.substr(space_bytes, hash_bytes)));
}

KeyRange space_range(KeyspaceId space) {
  KeyRange range;
  append_big_endian(range.begin, space);
  append_big_endian(range.end, space + 1);
  return range;
}

KeyRange segment_range(KeyspaceId space, std::uint32_t segment, std::uint32_t total_segments) {
  PAGETURNER_ASSERT(segment < total_segments);
  constexpr std::uint64_t hashes = std::uint64_t{1} << 32;
  // Rounded up, so that the bounds of adjacent segments are equal.
  const auto bound = [&](std::uint64_t number) {
    return static_cast<std::uint32_t>((number * hashes + total_segments - 1) / total_segments);
  };
  KeyRange range = space_range(space);
  if (segment > 0) append_big_endian(range.begin, bound(segment));
  if (segment + 1 < total_segments) {
    range.end = range.begin.substr(0, space_bytes);
    append_big_endian(range.end, bound(segment + 1));
  }
  return range;
}

}  // namespace pageturner
