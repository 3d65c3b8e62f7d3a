// ASCII text as the protocol reads it, whatever the locale. (Debian builds Abseil with a
// string_view of its own, so its functions on text do not take ours.)
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace pageturner {

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

// The part of `text` before `separator`, or all of it. Takes both out of `text`.
inline std::string_view take_part(std::string_view& text, char separator) {
  const std::string_view part = text.substr(0, text.find(separator));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

// `text` without the blanks and tabs at its ends.
constexpr std::string_view trim_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// Bytes that need not be UTF-8, in a form that may stand in an error's message.
inline std::string printable(std::string_view bytes) {
  std::string text(bytes);
  for (char& c : text) {
    if ((c < ' ' && c != '\n') || c > '~') c = '?';
  }
  return text;
}

constexpr bool equals_ignoring_case(std::string_view left, std::string_view right) {
  if (left == right) return true;  // what nearly all clients send, at a tenth of the cost
  return left.size() == right.size() &&
         std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return to_lower(a) == to_lower(b); });
}

}  // namespace pageturner
