#include "protocol/unicode.h"

#include <algorithm>
#include <array>

#include "protocol/assert.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

struct CodePoints {
  char32_t first;
  char32_t last;
};

// Code points beyond ASCII that are neither letters nor digits nor spaces, in order.
constexpr std::array<CodePoints, 33> others = {{
    {0x80, 0x9F},        // control characters
    {0xA1, 0xA9},        // signs of Latin-1, around its letters, digits and fractions
    {0xAB, 0xB1},        //
    {0xB4, 0xB4},        //
    {0xB6, 0xB8},        //
    {0xBB, 0xBB},        //
    {0xBF, 0xBF},        //
    {0xD7, 0xD7},        //
    {0xF7, 0xF7},        //
    {0x2C2, 0x2C5},      // signs among the modifier letters
    {0x2D2, 0x2DF},      //
    {0x300, 0x36F},      // combining marks
    {0x200B, 0x2027},    // punctuation, between the spaces of that block
    {0x202A, 0x202E},    //
    {0x2030, 0x205E},    //
    {0x2060, 0x206F},    //
    {0x207A, 0x207E},    // superscript and subscript signs
    {0x208A, 0x208E},    //
    {0x20A0, 0x20FF},    // currencies, marks for symbols
    {0x2190, 0x245F},    // arrows, mathematics, technics
    {0x249C, 0x24E9},    // letters in circles
    {0x2500, 0x2775},    // boxes, symbols, dingbats
    {0x2794, 0x2BFF},    // more of them, Braille
    {0x2E00, 0x2E7F},    // punctuation
    {0x2FF0, 0x2FFF},    // how ideographs are composed
    {0x3001, 0x3004},    // punctuation of Chinese and Japanese
    {0x3008, 0x3020},    //
    {0xE000, 0xF8FF},    // private use
    {0xFE00, 0xFE6F},    // variation selectors, forms of punctuation
    {0xFF01, 0xFF0F},    // wide ASCII signs
    {0xFFF0, 0xFFFF},    // specials
    {0x1F000, 0x1FAFF},  // emoji and other pictures
    {0xE0000, 0x10FFFF}  // tags, private use
}};

}  // namespace

std::size_t utf16_length(std::string_view text) {
  std::size_t length = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continuation = (byte & 0xC0) == 0x80;
    const bool four_bytes = byte >= 0xF0;
    length += continuation ? 0 : four_bytes ? 2 : 1;
  }
  return length;
}

char32_t take_code_point(std::string_view& text) {
  PAGETURNER_ASSERT(!text.empty());
  const auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  const std::size_t length = byte(0) < 0x80 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
  PAGETURNER_ASSERT(length <= text.size());
  // The first byte of a sequence contains the bits that its length leaves free, each other byte six
  // bits.
  char32_t code_point = length == 1 ? byte(0) : byte(0) & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code_point = code_point << 6 | (byte(i) & 0x3FU);
  text.remove_prefix(length);
  return code_point;
}

bool is_letter_digit_or_space(char32_t code_point) {
  if (code_point < 0x80) {
    const char c = static_cast<char>(code_point);
    return is_letter(c) || is_digit(c) || c == ' ';
  }
  return std::none_of(others.begin(), others.end(), [&](const CodePoints& range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

}  // namespace pageturner
