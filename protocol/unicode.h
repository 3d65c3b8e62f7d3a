// Text beyond ASCII, as far as the service looks into it.
#pragma once

#include <cstddef>
#include <string_view>

namespace pageturner {

// The length of UTF-8 `text` in UTF-16 units, in which the service's own strings are measured.
std::size_t utf16_length(std::string_view text);

// Moves `text`, which is valid UTF-8 and not empty, behind its first code point, and gives that.
char32_t take_code_point(std::string_view& text);

// Whether `code_point` is a letter, a digit or a space (not a tab or a line break) of some script.
// Beyond ASCII whole blocks are told apart, not single characters: marks and punctuation that stand
// among the letters of their script count as letters. Source: the Unicode Standard, Blocks.txt.
bool is_letter_digit_or_space(char32_t code_point);

}  // namespace pageturner
