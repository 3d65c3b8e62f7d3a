// A cache of parsed expressions. Clients send the same few texts repeatedly.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace pageturner {

// The most recent results of a parser by their texts. Copying a cached tree takes a fifth of the
// instructions of parsing the text. There are two generations: a lookup moves an entry to the young
// one; when that is full it replaces the old one, so entries without a lookup since then are
// evicted. Not thread-safe: each thread has its own cache.
template <class Parsed>
class ParseCache {
 public:
  // Returns what `parse(text)` returns, a Result<Parsed>. Errors are not cached.
  template <class Parse>
  auto get(std::string_view text, Parse parse) -> decltype(parse(text)) {
    if (const auto known = young_.find(text); known != young_.end()) return known->second;
    if (const auto known = old_.find(text); known != old_.end()) {
      return keep(text, Parsed(known->second));  // a copy: keep() may throw
    }
    auto parsed = parse(text);
    if (parsed) keep(text, *parsed);
    return parsed;
  }

 private:
  // Limits of each generation. A tree takes at most some hundred bytes for each byte of its text.
  static constexpr std::size_t entries_max = 128;
  static constexpr std::size_t text_bytes_max = 16'384;

  const Parsed& keep(std::string_view text, Parsed parsed) {
    if (young_.size() == entries_max || text_bytes_ + text.size() > text_bytes_max) {
      old_ = std::exchange(young_, {});
      text_bytes_ = 0;
    }
    text_bytes_ += text.size();
    return young_.insert_or_assign(std::string(text), std::move(parsed)).first->second;
  }

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  // Not Abseil's tables: those must not be used after an allocation of theirs has failed.
  using Generation = std::unordered_map<std::string, Parsed, Hash, std::equal_to<>>;

  Generation young_;
  Generation old_;
  std::size_t text_bytes_ = 0;  // of young_
};

}  // namespace pageturner
