// DynamoDB's number: a decimal of up to 38 significant digits.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "protocol/limits.h"

namespace pageturner {

// A value d.ddd… × 10^exponent with its sign. There is one representation of each value: no leading
// and no trailing zero digits, and zero has no digits, exponent 0 and no sign.
class Number {
 public:
  // Zero.
  Number() = default;

  // Reads a decimal as the service does: an optional sign, digits with at most one point (before,
  // between or after them), an optional exponent. White space and anything else is refused.
  // Errors: ValidationException for text that is no number, for more than 38 significant digits and
  // for a magnitude outside 1E-130 … 9.99…E+125. Source: guide, "Supported data types"; the texts
  // are recorded answers.
  static Result<Number> parse(std::string_view text);

  // The value with these digits (each 0 to 9, the first and last not 0; none for zero), which the
  // caller has held to the limits. For decoders of stored keys.
  static Number from_digits(bool negative, int exponent, std::string_view digits);

  // The canonical text, as the service answers it: plain decimal notation, no exponent, no
  // superfluous zeros.
  std::string to_string() const;

  // The sum and the difference, exact. Errors: ValidationException where the result needs more than
  // 38 digits or leaves the range, as for numbers that are stored.
  static Result<Number> add(const Number& left, const Number& right);
  static Result<Number> subtract(const Number& left, const Number& right);

  bool is_zero() const { return digit_count_ == 0; }
  bool is_negative() const { return negative_; }
  // Power of ten of the first significant digit; 0 for zero.
  int exponent() const { return exponent_; }
  // The significant digits, each as a value 0 to 9.
  std::string_view digits() const { return {digits_.data(), digit_count_}; }

  // Order by value.
  std::strong_ordering operator<=>(const Number& other) const;
  bool operator==(const Number& other) const { return (*this <=> other) == 0; }

 private:
  Number negated() const;
  // The power of ten of the last significant digit.
  int lowest_exponent() const { return exponent_ - digit_count_ + 1; }

  std::array<char, limits::number_digits_max> digits_{};
  std::uint8_t digit_count_ = 0;
  bool negative_ = false;
  std::int16_t exponent_ = 0;
};

// The bytes `number` counts for in the size of an item: one for every two significant digits, one
// more, and one for a minus sign. Source: guide, "DynamoDB item sizes and formats".
std::size_t number_size_bytes(const Number& number);

}  // namespace pageturner
