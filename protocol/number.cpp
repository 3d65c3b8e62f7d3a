#include "protocol/number.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>

#include "protocol/assert.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

Error not_numeric(std::string_view text) {
  constexpr std::string_view message = "The parameter cannot be converted to a numeric value";
  std::string with_text = concat(message, ": ", text);
  if (text.empty()) return validation_error(std::string(message), std::move(with_text));
  return validation_error(std::move(with_text));
}

Error overflow() {
  return validation_error(
      "Number overflow. Attempting to store a number with magnitude larger than supported range");
}

Error underflow() {
  return validation_error(
      "Number underflow. Attempting to store a number with magnitude smaller than supported range");
}

Error too_many_digits() {
  return validation_error("Attempting to store more than 38 significant digits in a Number");
}

// The parts of a number's text.
struct Parts {
  bool negative = false;
  std::string digits;  // as values 0 to 9, with leading and trailing zeros
  std::int64_t integer_digits = 0;
  std::int64_t exponent = 0;  // as written after the e
};

// Splits `text` into `parts`. Returns false if it is no number or its exponent is beyond 64 bits.
bool split(std::string_view text, Parts& parts) {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) parts.negative = text[at++] == '-';
  bool point = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point) {
      point = true;
    } else if (is_digit(text[at])) {
      parts.digits += static_cast<char>(text[at] - '0');
      if (!point) ++parts.integer_digits;
    } else {
      break;
    }
  }
  if (parts.digits.empty()) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  ++at;
  // A plus sign before digits only: std::from_chars accepts a minus sign alone.
  if (at + 1 < text.size() && text[at] == '+' && is_digit(text[at + 1])) ++at;
  const char* const text_end = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data() + at, text_end, parts.exponent);
  return failure == std::errc() && end == text_end;
}

bool is_in_range(std::int64_t exponent) {
  return exponent >= limits::number_exponent_min && exponent <= limits::number_exponent_max;
}

// Requires: the exponent is not in range.
Error out_of_range(std::int64_t exponent) { return exponent > 0 ? overflow() : underflow(); }

// Validates a value against the limits of numbers. `digits` may have zeros at both ends; the first
// of them counts 10^exponent. `too_long` returns the error for more than 38 digits.
Result<Number> make_number(bool negative, std::int64_t exponent, std::string_view digits,
                           Error (*too_long)()) {
  const auto first = digits.find_first_not_of('\0');
  if (first == std::string::npos) return Number();
  const std::size_t count = digits.find_last_not_of('\0') - first + 1;
  exponent -= static_cast<std::int64_t>(first);
  if (!is_in_range(exponent)) return out_of_range(exponent);
  if (count > limits::number_digits_max) return too_long();
  return Number::from_digits(negative, static_cast<int>(exponent), digits.substr(first, count));
}

bool is_beyond_32_bits(std::int64_t number) {
  return number > std::numeric_limits<std::int32_t>::max() ||
         number < std::numeric_limits<std::int32_t>::min();
}

// Returns `error`, which the text of `parts` has, in the words of both validators. The legacy one
// computes like Java's BigDecimal: the exponent and the scale have 32 bits, and so has the
// difference of the number of digits and the scale, which it compares with the range.
Error in_both_wordings(Error error, std::string_view text, const Parts& parts) {
  const auto digits = static_cast<std::int64_t>(parts.digits.size());
  const std::int64_t fraction_digits = digits - parts.integer_digits;
  // If the exponent is within 32 bits, the difference cannot exceed 64 bits.
  if (is_beyond_32_bits(parts.exponent) || is_beyond_32_bits(fraction_digits - parts.exponent)) {
    return validation_error(not_numeric(text).message, std::move(error.message));
  }
  const auto first = parts.digits.find_first_not_of('\0');
  const std::int64_t leading_zeros =
      first == std::string::npos ? digits - 1 : static_cast<std::int64_t>(first);
  const std::int64_t magnitude = parts.integer_digits - leading_zeros + parts.exponent;
  if (magnitude <= std::numeric_limits<std::int32_t>::max()) return error;
  return validation_error(underflow().message, std::move(error.message));
}

}  // namespace

Result<Number> Number::parse(std::string_view text) {
  Parts parts;
  if (!split(text, parts)) return not_numeric(text);
  // Zero, too, must have a valid exponent, which otherwise does not matter.
  if (!is_in_range(parts.exponent) && parts.digits.find_first_not_of('\0') == std::string::npos) {
    return in_both_wordings(out_of_range(parts.exponent), text, parts);
  }
  // Far outside the range, where adding the number of digits cannot exceed 64 bits.
  constexpr std::int64_t far_outside = std::int64_t{1} << 40;
  const std::int64_t exponent = std::clamp(parts.exponent, -far_outside, far_outside);
  auto number = make_number(parts.negative, parts.integer_digits - 1 + exponent, parts.digits,
                            too_many_digits);
  if (!number) return in_both_wordings(std::move(number).error(), text, parts);
  return number;
}

Number Number::negated() const {
  Number number = *this;
  number.negative_ = !negative_ && !is_zero();
  return number;
}

Result<Number> Number::subtract(const Number& left, const Number& right) {
  return add(left, right.negated());
}

Result<Number> Number::add(const Number& left, const Number& right) {
  if (left.is_zero()) return right;
  if (right.is_zero()) return left;
  // Column by column, from the lowest power of ten of both to one above the highest. `upper` has
  // the larger magnitude, so that a difference never borrows beyond its first digit.
  const Number left_size = left.negative_ ? left.negated() : left;
  const Number right_size = right.negative_ ? right.negated() : right;
  const bool left_larger = left_size >= right_size;
  const Number& upper = left_larger ? left : right;
  const Number& lower = left_larger ? right : left;
  const bool differ = upper.negative_ != lower.negative_;
  const int lowest = std::min(upper.lowest_exponent(), lower.lowest_exponent());
  const int highest = upper.exponent_ + 1;
  std::string digits(static_cast<std::size_t>(highest - lowest + 1), '\0');
  int carry = 0;
  for (int exponent = lowest; exponent <= highest; ++exponent) {
    const int other = lower.digit(lower.exponent_ - exponent);
    int column = upper.digit(upper.exponent_ - exponent) + (differ ? -other : other) + carry;
    carry = column < 0 ? -1 : column / 10;
    column -= carry * 10;
    digits[static_cast<std::size_t>(highest - exponent)] = static_cast<char>(column);
  }
  return make_number(upper.negative_, highest, digits, overflow);
}

Number Number::from_digits(bool negative, int exponent, std::string_view digits) {
  PAGETURNER_ASSERT(digits.size() <= limits::number_digits_max);
  PAGETURNER_ASSERT(digits.empty() || (digits.front() != 0 && digits.back() != 0));
  Number number;
  number.negative_ = negative && !digits.empty();
  number.exponent_ = static_cast<std::int16_t>(digits.empty() ? 0 : exponent);
  number.digit_count_ = static_cast<std::uint8_t>(digits.size());
  for (std::size_t i = 0; i < digits.size(); ++i) {
    number.pairs_[i / 2] |= static_cast<std::uint8_t>(digits[i] << (i % 2 == 0 ? 4 : 0));
  }
  return number;
}

std::string Number::to_string() const {
  if (is_zero()) return "0";
  std::string text;
  if (negative_) text += '-';
  if (exponent_ < 0) {
    text += "0.";
    text.append(static_cast<std::size_t>(-exponent_ - 1), '0');
  }
  for (int i = 0; i < digit_count_; ++i) {
    if (exponent_ >= 0 && i == exponent_ + 1) text += '.';
    text += static_cast<char>('0' + digit(i));
  }
  if (exponent_ >= digit_count_) {
    text.append(static_cast<std::size_t>(exponent_ + 1 - digit_count_), '0');
  }
  return text;
}

std::strong_ordering Number::operator<=>(const Number& other) const {
  const auto sign = [](const Number& n) { return n.is_zero() ? 0 : n.negative_ ? -1 : 1; };
  if (const auto order = sign(*this) <=> sign(other); order != 0) return order;
  const Number& lower = negative_ ? other : *this;
  const Number& higher = negative_ ? *this : other;
  if (const auto order = lower.exponent_ <=> higher.exponent_; order != 0) return order;
  return lower.pairs_ <=> higher.pairs_;
}

std::size_t number_size_bytes(const Number& number) {
  const int digits = number.digit_count();
  const int before_point = std::clamp(number.exponent() + 1, 0, digits);
  const int pairs = (before_point + 1) / 2 + (digits - before_point + 1) / 2;
  return static_cast<std::size_t>(1 + pairs + (number.is_negative() ? 1 : 0));
}

}  // namespace pageturner
