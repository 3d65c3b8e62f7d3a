// Random key values that are close in order, for tests of key order.
#pragma once

#include <random>
#include <string>

#include "protocol/attribute_value.h"
#include "protocol/limits.h"
#include "protocol/table_description.h"

namespace pageturner {

class RandomKeys {
 public:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  // Short strings of few different bytes, among them those that keys escape. Never empty.
  std::string bytes() {
    constexpr char alphabet[] = {'\x00', '\x01', '\x02', 'a', '\x7F', '\x80', '\xFE', '\xFF'};
    std::string text;
    for (std::size_t length = 1 + below(4); length > 0; --length) text += alphabet[below(8)];
    return text;
  }

  // UTF-8 with one to four bytes per character. Never empty.
  std::string text() {
    static const std::string alphabet[] = {
        std::string(1, '\0'), "\x01", "a", "b", "\x7F", "\xC3\xA9", "\xEF\xBF\xBF",
        "\xF0\x9F\x98\x80"};
    std::string made;
    for (std::size_t length = 1 + below(4); length > 0; --length) made += alphabet[below(8)];
    return made;
  }

  // Any sign, any exponent, 1 to 38 digits; sometimes zero.
  Number number() {
    if (below(20) == 0) return Number();
    const std::size_t count = below(3) == 0 ? 1 + below(limits::number_digits_max) : 1 + below(3);
    std::string digits(count, '\0');
    for (char& digit : digits) digit = static_cast<char>(below(10));
    digits.front() = static_cast<char>(1 + below(9));
    digits.back() = static_cast<char>(1 + below(9));
    const int span = limits::number_exponent_max - limits::number_exponent_min + 1;
    const int exponent =
        below(2) == 0
            ? static_cast<int>(below(5)) - 2
            : limits::number_exponent_min + static_cast<int>(below(static_cast<std::size_t>(span)));
    return Number::from_digits(below(2) == 0, exponent, digits);
  }

  AttributeValue value(ScalarType type) {
    if (type == ScalarType::n) return {number()};
    if (type == ScalarType::b) return {Binary{bytes()}};
    return {text()};
  }

 private:
  std::mt19937 random_{20120810};
};

constexpr ScalarType all_scalar_types[] = {ScalarType::s, ScalarType::n, ScalarType::b};

}  // namespace pageturner
