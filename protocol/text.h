// Functions on ASCII text, independent of the locale.
#pragma once

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <concepts>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include "protocol/limits.h"

namespace pageturner {

// The argument that absl::StrCat takes for one part of concat(). Debian builds Abseil with a
// string_view of its own, to which std::string_view does not convert.
inline absl::string_view concat_part(std::string_view text) { return {text.data(), text.size()}; }
// `c` must outlive the result.
inline absl::string_view concat_part(const char& c) { return {&c, 1}; }
template <std::integral Integer>
requires(!std::same_as<Integer, bool> && !std::same_as<Integer, char>) Integer
    concat_part(Integer number) {
  return number;
}

// Returns the concatenation of `parts`, built with one allocation. Parts are std::string_view and
// what converts to it, char, and integers, which are written in decimal.
template <class... Parts>
std::string concat(const Parts&... parts) {
  return absl::StrCat(concat_part(parts)...);
}

// Appends each element by `append_element(out, element)`, with `separator` between two elements.
// When `out` is larger than `size_bytes_max`, the remaining elements are replaced by "...".
template <class Range, class AppendElement>
void append_joined(std::string& out, const Range& elements, std::string_view separator,
                   AppendElement append_element,
                   std::size_t size_bytes_max = std::numeric_limits<std::size_t>::max()) {
  bool is_first = true;
  for (const auto& element : elements) {
    if (!std::exchange(is_first, false)) out += separator;
    if (out.size() > size_bytes_max) {
      out += "...";
      return;
    }
    append_element(out, element);
  }
}

// As append_joined(), up to limits::echo_size_bytes_max. For lists of a request in a message, which
// could otherwise have hundreds of MB.
template <class Range, class AppendElement>
void append_joined_echo(std::string& out, const Range& elements, std::string_view separator,
                        AppendElement append_element) {
  append_joined(out, elements, separator, append_element, limits::echo_size_bytes_max);
}

// Returns `text`, UTF-8, as a message prints a text of a request: cut off with "..." if it is
// larger than limits::echo_size_bytes_max.
inline std::string echo_of(std::string_view text) {
  if (text.size() <= limits::echo_size_bytes_max) return std::string(text);
  std::size_t size = limits::echo_size_bytes_max;
  const auto is_continuation = [&](std::size_t at) {
    return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
  };
  while (size > 0 && is_continuation(size)) --size;
  return std::string(text.substr(0, size)) + "...";
}

// Returns the texts of `elements` with `separator` between two of them. `text_of`, a function or a
// pointer to a member, gives the text of an element; without it the elements are texts.
template <class Range, class TextOf = std::identity>
std::string join(const Range& elements, std::string_view separator, TextOf text_of = {}) {
  std::string text;
  append_joined(text, elements, separator, [&](std::string& out, const auto& element) {
    out += std::invoke(text_of, element);
  });
  return text;
}

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

constexpr char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

inline std::string to_upper(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) c = to_upper(c);
  return upper;
}

inline std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = to_lower(c);
  return lower;
}

// Returns the part of `text` before `separator`, or all of it, and removes both from `text`.
inline std::string_view take_part(std::string_view& text, char separator) {
  const std::string_view part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

// Returns `text` without leading and trailing blanks and tabs.
constexpr std::string_view trim_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Returns `bytes`, which need not be UTF-8, in a form that is safe in an error's message: bytes
// other than printable ASCII and line feeds become '?'.
inline std::string printable(std::string_view bytes) {
  std::string text(bytes);
  for (char& c : text) {
    if ((c < ' ' && c != '\n') || c > '~') c = '?';
  }
  return text;
}

constexpr bool equals_ignoring_case(std::string_view left, std::string_view right) {
  if (left == right) return true;  // the usual case, at a tenth of the cost
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return to_lower(a) == to_lower(b); });
}

}  // namespace pageturner
