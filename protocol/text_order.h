// Finds equal texts among many of a request.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace pageturner {

// A text of a list, by its index there and a hash.
struct HashedText {
  HashedText(std::string_view text, std::size_t text_index)
      : hash(static_cast<std::uint32_t>(std::hash<std::string_view>()(text))),
        index(static_cast<std::uint32_t>(text_index)) {}

  std::uint32_t hash;
  std::uint32_t index;
};

// Sorts `texts` by their hashes, then by text, then by index, so that equal texts are neighbours
// and most comparisons need no text. `text_at(index)` returns a text. Takes n log n comparisons for
// any texts: a client can make a million texts of one hash, with which a hash table would take n².
template <class TextAt>
void sort_by_text(std::vector<HashedText>& texts, TextAt text_at) {
  std::sort(texts.begin(), texts.end(), [&](const HashedText& left, const HashedText& right) {
    if (left.hash != right.hash) return left.hash < right.hash;
    const int order = text_at(left.index).compare(text_at(right.index));
    return order != 0 ? order < 0 : left.index < right.index;
  });
}

// Calls `visit(earlier, later)` for each text that repeats one, with the indexes of the last equal
// text before it and of itself. Requires: sort_by_text() has sorted `texts`.
template <class TextAt, class Visit>
void for_each_repetition(const std::vector<HashedText>& texts, TextAt text_at, Visit visit) {
  for (std::size_t i = 1; i < texts.size(); ++i) {
    const HashedText& earlier = texts[i - 1];
    const HashedText& later = texts[i];
    if (earlier.hash != later.hash || text_at(earlier.index) != text_at(later.index)) continue;
    visit(earlier.index, later.index);
  }
}

// Returns the first of the texts that are equal to `text`, or nullptr. Requires: sort_by_text()
// has sorted `texts`.
template <class TextAt>
const HashedText* find_text(const std::vector<HashedText>& texts, std::string_view text,
                            TextAt text_at) {
  const HashedText wanted(text, 0);
  const auto found = std::lower_bound(texts.begin(), texts.end(), wanted,
                                      [&](const HashedText& known, const HashedText&) {
                                        if (known.hash != wanted.hash)
                                          return known.hash < wanted.hash;
                                        return text_at(known.index) < text;
                                      });
  if (found == texts.end() || found->hash != wanted.hash) return nullptr;
  return text_at(found->index) == text ? &*found : nullptr;
}

// Returns the index of the first text that is equal to an earlier one, or the number of texts.
// Takes 8 bytes of memory for each text: a request may have a million, and a set of them takes
// several times as much.
std::size_t first_repetition(const std::vector<std::string_view>& texts);

}  // namespace pageturner
