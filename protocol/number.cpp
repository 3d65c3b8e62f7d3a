#include "protocol/number.h"

#include <algorithm>
#include <charconv>

#include "protocol/assert.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

Error not_numeric(std::string_view text) {
  std::string message = "The parameter cannot be converted to a numeric value";
  if (!text.empty()) message.append(": ").append(text);
  return validation_error(std::move(message));
}

// The parts of a number's text.
struct Parts {
  bool negative = false;
  std::string digits;  // as values 0 to 9, with leading and trailing zeros
  int integer_digits = 0;
  long exponent = 0;  // as written after the e, clamped far outside the accepted range
};

// Splits `text` into `parts`. Returns false if it is no number.
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
  bool negative_exponent = false;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) {
    negative_exponent = text[at++] == '-';
  }
  if (at == text.size() ||
      !std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_digit)) {
    return false;
  }
  constexpr long far_outside = 100'000'000;
  long value = 0;
  const auto [end, failure] = std::from_chars(text.data() + at, text.data() + text.size(), value);
  if (failure != std::errc() || value > far_outside) value = far_outside;
  parts.exponent = negative_exponent ? -value : value;
  return true;
}

// Validates a value against the limits of numbers. `digits` may have zeros at both ends; the first
// of them counts 10^exponent.
Result<Number> make_number(bool negative, long exponent, std::string_view digits) {
  const auto first = digits.find_first_not_of('\0');
  if (first == std::string::npos) return Number();
  const std::size_t count = digits.find_last_not_of('\0') - first + 1;
  exponent -= static_cast<long>(first);
  if (exponent > limits::number_exponent_max) {
    return validation_error(
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
  }
  if (exponent < limits::number_exponent_min) {
    return validation_error(
        "Number underflow. Attempting to store a number with magnitude smaller than supported "
        "range");
  }
  if (count > limits::number_digits_max) {
    return validation_error("Attempting to store more than 38 significant digits in a Number");
  }
  return Number::from_digits(negative, static_cast<int>(exponent), digits.substr(first, count));
}

}  // namespace

Result<Number> Number::parse(std::string_view text) {
  Parts parts;
  if (!split(text, parts)) return not_numeric(text);
  return make_number(parts.negative, parts.integer_digits - 1 + parts.exponent, parts.digits);
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
  const auto digit = [](const Number& number, int exponent) -> int {
    const int index = number.exponent_ - exponent;
    return index >= 0 && index < number.digit_count_
               ? number.digits_[static_cast<std::size_t>(index)]
               : 0;
  };
  std::string digits(static_cast<std::size_t>(highest - lowest + 1), '\0');
  int carry = 0;
  for (int exponent = lowest; exponent <= highest; ++exponent) {
    const int other = digit(lower, exponent);
    int column = digit(upper, exponent) + (differ ? -other : other) + carry;
    carry = column < 0 ? -1 : column / 10;
    column -= carry * 10;
    digits[static_cast<std::size_t>(highest - exponent)] = static_cast<char>(column);
  }
  return make_number(upper.negative_, highest, digits);
}

Number Number::from_digits(bool negative, int exponent, std::string_view digits) {
  PAGETURNER_ASSERT(digits.size() <= limits::number_digits_max);
  PAGETURNER_ASSERT(digits.empty() || (digits.front() != 0 && digits.back() != 0));
  Number number;
  number.negative_ = negative && !digits.empty();
  number.exponent_ = static_cast<std::int16_t>(digits.empty() ? 0 : exponent);
  number.digit_count_ = static_cast<std::uint8_t>(digits.size());
  std::copy(digits.begin(), digits.end(), number.digits_.begin());
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
    text += static_cast<char>('0' + digits_[static_cast<std::size_t>(i)]);
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
  return lower.digits() <=> higher.digits();
}

std::size_t number_size_bytes(const Number& number) {
  return (number.digits().size() + 1) / 2 + 1 + (number.is_negative() ? 1 : 0);
}

}  // namespace pageturner
