// Expressions that were parsed before. Clients send few texts again and again.
#pragma once

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace pageturner {

// The last results of a parser by their texts: a request with a known text copies the tree, which
// takes a fifth of what parsing it takes. Two halves: what is asked for is in the young one, and
// where that is full it becomes the old one, whose texts nobody asked for since are forgotten. Not
// thread-safe: each thread has its own.
template <class Parsed>
class ParseCache {
 public:
  // What `parse(text)` answers, a Result<Parsed>. Errors are not kept.
  template <class Parse>
  auto get(std::string_view text, Parse parse) -> decltype(parse(text)) {
    if (const auto known = young_.find(text); known != young_.end()) return known->second;
    if (const auto known = old_.find(text); known != old_.end()) {
      return keep(text, std::move(known->second));
    }
    auto parsed = parse(text);
    if (parsed) keep(text, *parsed);
    return parsed;
  }

 private:
  // Of each half. A tree takes at most some hundred bytes for each of its text's.
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
  using Half = absl::flat_hash_map<std::string, Parsed, Hash, std::equal_to<>>;

  Half young_;
  Half old_;
  std::size_t text_bytes_ = 0;  // of young_
};

}  // namespace pageturner
