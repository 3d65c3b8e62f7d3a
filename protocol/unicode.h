// Text beyond ASCII, as far as the service examines it.
#pragma once

#include <cstddef>
#include <string_view>

namespace pageturner {

// Returns the length of UTF-8 `text` in UTF-16 units, which is how the service measures strings.
std::size_t utf16_length(std::string_view text);

// Removes the first code point from `text` and returns it. Requires: `text` is valid UTF-8 (not
// checked) and not empty.
char32_t take_code_point(std::string_view& text);

// Whether `code_point` is a letter, a digit or a space (not a tab or a line break) of any script.
// Beyond ASCII whole blocks are classified, not single characters: marks and punctuation between
// the letters of their script count as letters. Source: the Unicode Standard, Blocks.txt.
bool is_letter_digit_or_space(char32_t code_point);

}  // namespace pageturner
