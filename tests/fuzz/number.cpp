// Why: a number that changes in the store breaks keys, sums and clients. The input is two texts,
// one per line. Each valid number has one canonical form of the same value, and order, sum and
// difference are consistent. The reference for values is strtold of the C library, which is exact.
#include "protocol/number.h"

#include <cstdlib>
#include <optional>

#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

// Correctly rounded, so that texts of equal value give equal results.
long double value_of(std::string_view text) {
  return std::strtold(std::string(text).c_str(), nullptr);
}

std::optional<Number> parse_checked(std::string_view text) {
  const auto number = Number::parse(text);
  if (!number) {
    require_message(number.error());
    return std::nullopt;
  }
  const std::string canonical = number->to_string();
  const auto again = Number::parse(canonical);
  require(again.has_value() && *again == *number && again->to_string() == canonical,
          "a canonical text is its own canonical text");
  require(value_of(text) == value_of(canonical), "the canonical text has the value of the text");
  const int count = number->digit_count();
  require(count <= int{limits::number_digits_max}, "a number has at most 38 digits");
  require(count == 0 || (number->digit(0) != 0 && number->digit(count - 1) != 0),
          "the digits have no zeros at the ends");
  require(number_size_bytes(*number) <= 22, "a number has a size of at most 22 bytes");
  return *number;
}

void check_pair(const Number& left, const Number& right) {
  const auto order = left <=> right;
  require((right <=> left) == 0 <=> order, "the order is antisymmetric");
  const long double left_value = value_of(left.to_string());
  const long double right_value = value_of(right.to_string());
  require(left_value >= right_value || order < 0, "the order is the order of the values");
  require(left_value <= right_value || order > 0, "the order is the order of the values");

  const auto sum = Number::add(left, right);
  const auto mirrored = Number::add(right, left);
  require(sum.has_value() == mirrored.has_value(), "a sum does not depend on the order");
  if (sum) {
    require(*sum == *mirrored, "a sum does not depend on the order");
    const auto back = Number::subtract(*sum, right);
    require(back.has_value() && *back == left, "a + b - b is a");
  } else {
    require_message(sum.error());
    require(sum.error().message == mirrored.error().message, "a sum fails in either order");
  }

  const auto difference = Number::subtract(left, right);
  const auto opposite = Number::subtract(right, left);
  require(difference.has_value() == opposite.has_value(), "a - b is a number if b - a is");
  if (!difference) return require_message(difference.error());
  require((*difference <=> Number()) == order, "a - b has the sign of the order of a and b");
  require(*Number::add(*difference, *opposite) == Number(), "a - b and b - a add up to zero");
}

}  // namespace

void fuzz_one(std::string_view input) {
  const auto lines = split(input, '\n');
  const auto left = parse_checked(lines[0]);
  if (lines.size() < 2) return;
  const auto right = parse_checked(lines[1]);
  if (left && right) check_pair(*left, *right);
}

}  // namespace pageturner
