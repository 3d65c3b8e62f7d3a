#include "storage/key_locks.h"

#include <algorithm>
#include <functional>

namespace ddb {

KeyLocks::Guard KeyLocks::lock(std::span<const std::string_view> keys) {
  std::vector<std::size_t> indexes;
  indexes.reserve(keys.size());
  for (const std::string_view key : keys) {
    indexes.push_back(std::hash<std::string_view>()(key) % stripes);
  }
  std::sort(indexes.begin(), indexes.end());
  indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
  Guard guard;
  guard.reserve(indexes.size());
  for (const std::size_t index : indexes) guard.emplace_back(mutexes_[index]);
  return guard;
}

}  // namespace ddb
