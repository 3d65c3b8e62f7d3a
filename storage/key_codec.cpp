#include "storage/key_codec.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>

#include "protocol/assert.h"
#include "protocol/md5.h"
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
    // With an even exponent the first digit is the second of its pair.
    const int first = number.exponent() == 2 * power ? -1 : 0;
    for (int i = first; i < number.digit_count(); i += 2) {
      out += static_cast<char>(number.digit(i) * 10 + number.digit(i + 1) + 1);
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

// The size of the values of `attributes` at the beginning of `in`.
std::size_t values_length(std::string_view in, const std::vector<KeyAttribute>& attributes) {
  std::size_t length = 0;
  for (const KeyAttribute& attribute : attributes) {
    length += key_value_length(in.substr(length), attribute.type);
  }
  return length;
}

constexpr std::size_t hash_bytes = 8;

// Adds the string or binary value at the beginning of `in`, without escapes and end mark, and
// removes it.
void hash_text(Md5& sum, std::string_view& in) {
  bool is_end = false;
  while (!is_end) {
    const std::size_t zero = in.find(zero_byte);
    is_end = in[zero + 1] == end_of_text;
    sum.add(in.substr(0, is_end ? zero : zero + 1));
    in.remove_prefix(zero + 2);
  }
}

// The same for a number, in the form in which the service hashes it. A positive number has no end.
// The pairs of a negative one are 101 - P, not the complement of P + 1, and its end is 102; there
// is no end behind 20 pairs.
void hash_number(Md5& sum, std::string_view& in) {
  constexpr std::size_t longest_bytes = 22;  // power, 20 pairs, end
  constexpr int offset = (0xFF - 1) - 101;
  const std::size_t length = key_value_length(in, ScalarType::n);
  const bool negative = static_cast<unsigned char>(in.front()) < positive_base;
  const bool has_end = negative && length < longest_bytes;
  std::string hashed(in.substr(0, has_end ? length : length - 1));
  for (std::size_t i = 1; negative && i < hashed.size(); ++i) {
    hashed[i] = static_cast<char>(hashed[i] - offset);
  }
  sum.add(hashed);
  in.remove_prefix(length);
}

// Returns the hash of `values`, the encoded values of `attributes`, then of `more`: the first 8
// bytes of the MD5 digest of "Outliers" and of the bytes of each value. It gives partitions the
// service's order. Source: dynalite's source and its scans and queries, measured on the service in
// 2013 to 2018 (tests/api/scan_order.json). How the service hashes a partition key of several
// attributes is not known.
std::uint64_t hash_of(std::string_view values, const std::vector<KeyAttribute>& attributes,
                      const std::vector<KeyAttribute>& more = {}) {
  Md5 sum;
  sum.add("Outliers");
  for (const auto* part : {&attributes, &more}) {
    for (const KeyAttribute& attribute : *part) {
      if (attribute.type == ScalarType::n) {
        hash_number(sum, values);
      } else {
        hash_text(sum, values);
      }
    }
  }
  return read_big_endian(sum.digest().view().substr(0, hash_bytes));
}

// Writes the hash of the partition into `key`, which has the whole partition key; `like` as for
// encode_partition.
void write_hash(const KeyLayout& layout, std::string& key, std::string_view like) {
  const std::string_view values = std::string_view(key).substr(hash_bytes);
  const bool alike = like.size() > hash_bytes &&
                     like.substr(hash_bytes)
                         .starts_with(values.substr(0, values_length(values, layout.partition)));
  const std::uint64_t hash = alike ? partition_hash(like) : hash_of(values, layout.partition);
  write_big_endian(key.data(), hash, hash_bytes);
}

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
                             std::span<const AttributeValue* const> partition_values,
                             std::string_view like) {
  PAGETURNER_ASSERT(partition_values.size() == layout.partition.size());
  constexpr std::size_t usual_key_bytes = 96;
  std::string key;
  key.reserve(usual_key_bytes);
  key.append(hash_bytes, '\0');  // written below
  for (const AttributeValue* value : partition_values) append_key_value(key, *value);
  write_hash(layout, key, like);
  return key;
}

std::optional<std::string> encode_key(const KeyLayout& layout, const AttributeSource& source,
                                      std::string_view like) {
  absl::InlinedVector<const AttributeValue*, limits::index_key_attributes_max> partition_values;
  for (const KeyAttribute& attribute : layout.partition) {
    const AttributeValue* value = source.find(attribute.name);
    if (value == nullptr || !has_type(*value, attribute.type)) return std::nullopt;
    partition_values.push_back(value);
  }
  std::string key = encode_partition(layout, partition_values, like);
  if (!append_all(key, layout.sort, source)) return std::nullopt;
  const std::size_t suffix_begin = key.size();
  if (layout.is_global) key.append(hash_bytes, '\0');  // written below
  if (!append_all(key, layout.suffix, source)) return std::nullopt;
  if (layout.is_global) {
    const std::string_view table_key = std::string_view(key).substr(suffix_begin + hash_bytes);
    write_big_endian(key.data() + suffix_begin, hash_of(table_key, layout.suffix), hash_bytes);
  }
  return key;
}

std::uint64_t ItemKey::hash() {
  if (!hash_) {
    hash_ = layout_.sort.empty()
                ? partition_hash(key_)
                : hash_of(key_.substr(hash_bytes), layout_.partition, layout_.sort);
  }
  return *hash_;
}

std::optional<std::string> encode_entry_values(const KeyLayout& index,
                                               const AttributeSource& source) {
  std::string values;
  if (!append_all(values, index.partition, source) || !append_all(values, index.sort, source)) {
    return std::nullopt;
  }
  return values;
}

std::string encode_entry_key(const KeyLayout& index, std::string_view values, ItemKey& item,
                             std::string_view other_entry) {
  const std::string_view table_key = item.key().substr(hash_bytes);
  std::string key;
  key.reserve(2 * hash_bytes + values.size() + table_key.size());
  key.append(hash_bytes, '\0');  // written below
  key += values;
  const bool has_table_partition = index.partition == item.layout().partition;
  write_hash(index, key, other_entry.empty() && has_table_partition ? item.key() : other_entry);
  if (index.is_global) append_big_endian(key, item.hash(), hash_bytes);
  return key += table_key;
}

std::vector<std::pair<std::string_view, AttributeValue>> decode_key(const KeyLayout& layout,
                                                                    std::string_view key) {
  PAGETURNER_ASSERT(key.size() > hash_bytes);
  key.remove_prefix(hash_bytes);
  std::vector<std::pair<std::string_view, AttributeValue>> attributes;
  for (const auto* part : {&layout.partition, &layout.sort, &layout.suffix}) {
    if (layout.is_global && part == &layout.suffix) key.remove_prefix(hash_bytes);
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

std::string table_key_of(const KeyLayout& index, std::string_view index_key) {
  PAGETURNER_ASSERT(index_key.size() > hash_bytes && !index.is_global);
  std::string key(index_key.substr(0, hash_bytes));
  index_key.remove_prefix(hash_bytes);
  for (const auto* part : {&index.partition, &index.sort}) {
    index_key.remove_prefix(values_length(index_key, *part));
  }
  return key.append(index_key);
}

std::string encode_expiry_time(const Number& time) {
  std::string key;
  append_number(key, time);
  return key;
}

std::string encode_expiry_key(const Number& time, std::string_view table_key) {
  return encode_expiry_time(time).append(table_key);
}

std::string_view table_key_of_expiry(std::string_view expiry_key) {
  PAGETURNER_ASSERT(!expiry_key.empty());
  expiry_key.remove_prefix(key_value_length(expiry_key, ScalarType::n));
  return expiry_key;
}

std::string_view partition_of(const KeyLayout& layout, std::string_view key) {
  PAGETURNER_ASSERT(key.size() > hash_bytes);
  return key.substr(0, hash_bytes + values_length(key.substr(hash_bytes), layout.partition));
}

std::uint64_t partition_hash(std::string_view key) {
  PAGETURNER_ASSERT(key.size() >= hash_bytes);
  return read_big_endian(key.substr(0, hash_bytes));
}

KeyRange segment_range(std::uint32_t segment, std::uint32_t total_segments) {
  PAGETURNER_ASSERT(segment < total_segments);
  constexpr std::uint64_t hashes = std::uint64_t{1} << 32;
  // Rounded up, so that the bounds of adjacent segments are equal.
  const auto bound = [&](std::uint64_t number) {
    return static_cast<std::uint32_t>((number * hashes + total_segments - 1) / total_segments);
  };
  KeyRange range;
  if (segment > 0) append_big_endian(range.begin, bound(segment));
  if (segment + 1 < total_segments) {
    append_big_endian(range.end.emplace(), bound(segment + 1));
  }
  return range;
}

}  // namespace pageturner
