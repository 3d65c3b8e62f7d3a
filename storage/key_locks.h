// Locks on keys: writers of one item take turns, writers of different items do not meet.
#pragma once

#include <array>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ddb {

// A fixed number of mutexes; each key belongs to one of them by its hash.
class KeyLocks {
 public:
  // Holds the locks of some keys until it goes.
  using Guard = std::vector<std::unique_lock<std::mutex>>;

  // Locks all of `keys`, each lock once and in one order, so that no two callers wait for each
  // other.
  Guard lock(std::span<const std::string_view> keys);

 private:
  static constexpr std::size_t stripes = 1024;
  std::array<std::mutex, stripes> mutexes_;
};

}  // namespace ddb
