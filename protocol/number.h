// DynamoDB's number type: a decimal of up to 38 significant digits.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/limits.h"

namespace pageturner {

// A value d.ddd… × 10^exponent with a sign. Each value has one representation: no leading and no
// trailing zero digits; zero has no digits, exponent 0 and no sign.
class Number {
 public:
  // Zero.
  Number() = default;

  // Parses a decimal as the service does: an optional sign, digits with at most one point (before,
  // between or after them), an optional exponent. White space and anything else is rejected.
  // Errors: ValidationException for text that is no number, for more than 38 significant digits and
  // for a magnitude outside 1E-130 … 9.99…E+125; the exponent that zero is written with must be in
  // that range, too. Source: guide, "Supported data types"; recorded answers of 2026.
  //
  // The current validators read exponents of 64 bits and then check the range. The legacy validator
  // cannot convert a text whose exponent, or digits after the point minus exponent, is beyond 32
  // bits, and calls a positive exponent that its 32-bit sum of exponent and digits wraps to a
  // negative one an underflow.
  static Result<Number> parse(std::string_view text);

  // Returns the value with these digits, each as a value 0 to 9; no digits for zero. For decoders
  // of stored keys. Requires: the first and the last digit are not 0; digits and exponent are
  // within the limits (the exponent is not checked).
  static Number from_digits(bool negative, int exponent, std::string_view digits);

  // Returns the canonical text, as the service returns numbers: plain decimal notation, no
  // exponent, no superfluous zeros.
  std::string to_string() const;

  // Returns the exact sum or difference. Errors: ValidationException for an overflow or an
  // underflow. The service calls a result of more than 38 digits an overflow. Source: the tests of
  // ScyllaDB Alternator, which run against AWS, for + and - in SET; api,
  // TransactionCanceledException, which lists the overflow alone for all updates.
  static Result<Number> add(const Number& left, const Number& right);
  static Result<Number> subtract(const Number& left, const Number& right);

  bool is_zero() const { return digit_count_ == 0; }
  bool is_negative() const { return negative_; }
  // Power of ten of the first significant digit; 0 for zero.
  int exponent() const { return exponent_; }
  // The number of significant digits; 0 for zero.
  int digit_count() const { return digit_count_; }
  // The significant digit at `index` from the left, as a value 0 to 9; 0 for every other index.
  int digit(int index) const {
    if (index < 0 || index >= digit_count_) return 0;
    const int pair = pairs_[static_cast<std::size_t>(index / 2)];
    return index % 2 == 0 ? pair >> 4 : pair & 0xF;
  }

  // Order by value.
  std::strong_ordering operator<=>(const Number& other) const;
  // Each value has one representation.
  bool operator==(const Number& other) const = default;

 private:
  Number negated() const;
  // The power of ten of the last significant digit.
  int lowest_exponent() const { return exponent_ - digit_count_ + 1; }

  std::int16_t exponent_ = 0;
  std::uint8_t digit_count_ = 0;
  bool negative_ = false;
  // Two digits to a byte, the first in the upper half; zeros behind the last digit. So the order of
  // the bytes is the order of numbers of equal sign and exponent.
  std::array<std::uint8_t, (limits::number_digits_max + 1) / 2> pairs_{};
};
// A number set of 16 MB has three million members.
static_assert(sizeof(Number) <= 24);

// Returns the bytes that `number` adds to the size of an item: one, one more for every two
// significant digits before the point and for every two after it, and one for a minus sign. Zeros
// at the ends do not count; 1.05 has two digits after the point, 0.05 has one. Source: guide,
// "DynamoDB item sizes and formats"; measured at the limit of 400 KB in 2026.
std::size_t number_size_bytes(const Number& number);

}  // namespace pageturner
