#include "server/operations/streams/stream_identifiers.h"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <limits>

#include "protocol/arn.h"
#include "protocol/text.h"
#include "protocol/time_text.h"

namespace pageturner {
namespace {

constexpr std::string_view iterator_part = "|1|";

// A sequence number is 10^20 plus a number of 64 bits, which has at most 20 digits.
constexpr std::size_t sequence_number_length = 21;

// An iterator ends with shard, position and time in hexadecimal.
constexpr std::size_t shard_digits = 8;
constexpr std::size_t long_digits = 16;
constexpr std::size_t iterator_digits = shard_digits + 2 * long_digits;

std::string label_of(std::int64_t milliseconds) {
  return utc_text(milliseconds) + milliseconds_text(milliseconds);
}

// Returns the time of a label in milliseconds since 1970, or -1 if the label is invalid.
std::int64_t time_of_label(const std::string& label) {
  std::tm parts{};
  int milliseconds = 0;
  const int read =
      std::sscanf(label.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3d", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &milliseconds);
  if (read != 7) return -1;
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const std::int64_t time = std::int64_t{timegm(&parts)} * 1000 + milliseconds;
  // Each time has one label; other spellings are invalid.
  return time >= 0 && label_of(time) == label ? time : -1;
}

void append_hexadecimal(std::string& out, std::uint64_t number, std::size_t digits) {
  constexpr std::string_view all_digits = "0123456789ABCDEF";
  for (std::size_t i = digits; i-- > 0;) out += all_digits[number >> (4 * i) & 15];
}

// Parses the first `digits` characters of `in`, which are hexadecimal, and removes them from it.
std::uint64_t take_hexadecimal(std::string_view& in, std::size_t digits) {
  std::uint64_t number = 0;
  std::from_chars(in.data(), in.data() + digits, number, 16);
  in.remove_prefix(digits);
  return number;
}

}  // namespace

std::string stream_label(const StreamName& stream) { return label_of(stream.created_milliseconds); }

std::string stream_arn(const StreamName& stream, std::string_view region) {
  return concat(table_arn(stream.table_name, region), "/stream/", stream_label(stream));
}

Result<StreamName> parse_stream_arn(std::string_view arn) {
  const auto parts = split_record_arn(arn, "stream");
  if (!parts || parts->table_name.empty() || parts->id.empty()) {
    return validation_error("Invalid StreamArn");
  }
  return StreamName{std::string(parts->table_name), time_of_label(std::string(parts->id))};
}

Result<StreamPointer> find_stream(Database& database, std::string_view arn) {
  PAGETURNER_ASSIGN_OR_RETURN(const StreamName name, parse_stream_arn(arn));
  StreamPointer stream = database.streams().find(name);
  if (stream == nullptr) {
    return Error{ErrorType::resource_not_found,
                 concat("Requested resource not found: Stream: ", arn, " not found")};
  }
  return stream;
}

std::string sequence_number_text(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return concat("1", std::string(sequence_number_length - 1 - digits.size(), '0'), digits);
}

Result<std::uint64_t> parse_sequence_number(std::string_view text) {
  if (!std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c); })) {
    return validation_error("Invalid SequenceNumber");
  }
  text.remove_prefix(std::min(text.find_first_not_of('0'), text.size()));
  if (text.size() < sequence_number_length) return std::uint64_t{0};
  constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t number = 0;
  const bool fits =
      text.size() == sequence_number_length && text.front() == '1' &&
      std::from_chars(text.data() + 1, text.data() + text.size(), number).ec == std::errc();
  return fits ? number : largest;
}

std::string shard_iterator_text(const ShardIterator& iterator) {
  std::string text = concat(iterator.stream_arn, iterator_part);
  append_hexadecimal(text, iterator.shard, shard_digits);
  append_hexadecimal(text, iterator.position, long_digits);
  append_hexadecimal(text, static_cast<std::uint64_t>(iterator.milliseconds), long_digits);
  return text;
}

Result<ShardIterator> parse_shard_iterator(std::string_view text) {
  const Error invalid = validation_error("Invalid ShardIterator");
  const auto bar = text.find(iterator_part);
  if (bar == std::string_view::npos) return invalid;
  ShardIterator iterator{.stream_arn = std::string(text.substr(0, bar))};
  std::string_view digits = text.substr(bar + iterator_part.size());
  const bool all_digits = std::all_of(digits.begin(), digits.end(),
                                      [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); });
  if (digits.size() != iterator_digits || !all_digits) return invalid;
  if (!parse_stream_arn(iterator.stream_arn)) return invalid;
  iterator.shard = static_cast<std::uint32_t>(take_hexadecimal(digits, shard_digits));
  iterator.position = take_hexadecimal(digits, long_digits);
  iterator.milliseconds = static_cast<std::int64_t>(take_hexadecimal(digits, long_digits));
  return iterator;
}

}  // namespace pageturner
