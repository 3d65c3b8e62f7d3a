#include "server/operations/streams/stream_identifiers.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "protocol/text.h"

namespace pageturner {
namespace {

constexpr std::string_view iterator_part = "|1|";

// A sequence number is 10^20 plus a number of 64 bits, which has at most 20 digits.
constexpr std::size_t sequence_number_length = 21;

// An iterator ends with shard, position and time in hexadecimal.
constexpr std::size_t shard_digits = 8;
constexpr std::size_t long_digits = 16;
constexpr std::size_t iterator_digits = shard_digits + 2 * long_digits;

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
