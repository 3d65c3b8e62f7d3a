#include "storage/engine/memory_engine.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "protocol/assert.h"
#include "storage/byte_order.h"
#include "storage/engine/allocation_bytes.h"

namespace pageturner {

std::string prefix_end(std::string_view prefix) {
  PAGETURNER_ASSERT(prefix.find_first_not_of('\xFF') != std::string_view::npos);
  std::string end(prefix);
  while (static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  ++end.back();
  return end;
}

std::uint64_t MemoryEngine::prefix_of(std::string_view key) {
  constexpr std::size_t prefix_bytes = sizeof(std::uint64_t);
  const std::string_view prefix = key.substr(0, prefix_bytes);
  // A shorter key sorts before all keys that extend it, as if it were padded with zeros.
  return prefix.empty() ? 0 : read_big_endian(prefix) << (8 * (prefix_bytes - prefix.size()));
}

MemoryEngine::Entry::Entry(std::string_view key, std::string_view value)
    : prefix_(prefix_of(key)),
      bytes_(std::make_unique_for_overwrite<char[]>(sizeof(Sizes) + key.size() + value.size())) {
  const Sizes sizes{static_cast<std::uint32_t>(key.size()),
                    static_cast<std::uint32_t>(value.size())};
  char* at = bytes_.get();
  std::memcpy(at, &sizes, sizeof sizes);
  at += sizeof sizes;
  key.copy(at, key.size());
  value.copy(at + key.size(), value.size());
}

MemoryEngine::Entry::Sizes MemoryEngine::Entry::sizes() const {
  Sizes sizes;
  std::memcpy(&sizes, bytes_.get(), sizeof sizes);
  return sizes;
}

std::size_t MemoryEngine::Entry::size_bytes() const {
  constexpr std::size_t tree_bytes = sizeof(Entry) * 3 / 2;
  const Sizes both = sizes();
  return allocation_bytes(sizeof(Sizes) + both.key + both.value) + tree_bytes;
}

class MemoryEngine::View final : public ReadView {
 public:
  explicit View(const MemoryEngine& engine) : lock_(engine.lock_), tree_(engine.tree_) {}

  std::optional<std::string_view> get(std::string_view key) const override {
    const auto found = tree_.find(Probe(key));
    if (found == tree_.end()) return std::nullopt;
    return found->value();
  }

  void walk(const KeyRange& range, Direction direction, EntryVisitor visitor) const override {
    if (range.empty()) return;
    const auto begin = tree_.lower_bound(Probe(range.begin));
    const auto end = tree_.lower_bound(Probe(range.end));
    if (direction == Direction::forward) {
      for (auto at = begin, next = begin; at != end; at = next) {
        if (++next != end) next->prefetch();
        if (!visitor(at->key(), at->value())) return;
      }
    } else {
      for (auto at = end; at != begin;) {
        --at;
        if (at != begin) std::prev(at)->prefetch();
        if (!visitor(at->key(), at->value())) return;
      }
    }
  }

 private:
  std::shared_lock<ReadWriteLock> lock_;
  const Tree& tree_;
};

std::unique_ptr<ReadView> MemoryEngine::read_view() const { return std::make_unique<View>(*this); }

void MemoryEngine::commit(WriteBatch batch) {
  apply(std::move(batch), std::numeric_limits<std::size_t>::max());
}

bool MemoryEngine::try_commit(WriteBatch batch) { return apply(std::move(batch), size_bytes_max_); }

bool MemoryEngine::try_reserve(std::size_t bytes, std::size_t spare_bytes) {
  constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
  const std::size_t most =
      spare_bytes > no_limit - size_bytes_max_ ? no_limit : size_bytes_max_ + spare_bytes;
  std::size_t reserved = reserved_bytes_.load(std::memory_order_relaxed);
  do {
    if (bytes > most - std::min(most, entries_size_bytes() + reserved)) return false;
  } while (!reserved_bytes_.compare_exchange_weak(reserved, reserved + bytes,
                                                  std::memory_order_relaxed));
  return true;
}

bool MemoryEngine::apply(WriteBatch batch, std::size_t size_bytes_max) {
  // Entries are allocated before the lock is taken, and those that are replaced or erased singly
  // are freed after it is released, to keep the time under the lock short. (Those of an erased
  // range are freed under the lock.)
  std::vector<Entry> entries;
  entries.reserve(batch.changes().size());
  std::size_t added_bytes = 0;
  std::size_t erasures = 0;
  for (auto& change : batch.changes()) {
    if (auto* put = std::get_if<WriteBatch::Put>(&change)) {
      added_bytes += entries.emplace_back(put->key, put->value).size_bytes();
      std::string().swap(put->value);  // a transaction may have hundreds of MB of values
    } else if (std::holds_alternative<WriteBatch::Erase>(change)) {
      ++erasures;
    }
  }
  std::vector<Tree::node_type> removed;
  removed.reserve(erasures);
  const std::unique_lock guard(lock_);
  std::size_t size = entries_size_bytes();
  size_bytes_max -= std::min(size_bytes_max, reserved_bytes_.load(std::memory_order_relaxed));
  // What the batch erases is subtracted only if its puts alone would exceed the limit.
  if (added_bytes > size_bytes_max - std::min(size, size_bytes_max) &&
      size_bytes_after(batch, entries) > std::max(size, size_bytes_max)) {
    return false;
  }
  size = put(batch, entries);  // first, because nothing after it allocates
  for (const auto& change : batch.changes()) {
    if (const auto* erased = std::get_if<WriteBatch::Erase>(&change)) {
      const auto at = tree_.find(Probe(erased->key));
      if (at == tree_.end()) continue;
      size -= at->size_bytes();
      removed.push_back(tree_.extract(at));
    } else if (const auto* erased_range = std::get_if<WriteBatch::EraseRange>(&change)) {
      const KeyRange& range = erased_range->range;
      if (range.empty()) continue;
      const auto begin = tree_.lower_bound(Probe(range.begin));
      const auto end = tree_.lower_bound(Probe(range.end));
      for (auto at = begin; at != end; ++at) size -= at->size_bytes();
      tree_.erase(begin, end);
    }
  }
  size_bytes_.store(size, std::memory_order_relaxed);
  return true;
}

// Puts `entries`, which are those of `batch`, and leaves in them the entries that they replace.
// Returns the memory of all entries afterwards. Throws std::bad_alloc, and changes nothing then.
// The caller holds the lock.
std::size_t MemoryEngine::put(const WriteBatch& batch, std::vector<Entry>& entries) {
  std::size_t size = entries_size_bytes();
  std::size_t done = 0;
  try {
    for (Entry& entry : entries) {
      const auto at = tree_.lower_bound(entry);
      size += entry.size_bytes();
      if (at != tree_.end() && at->key() == entry.key()) {
        size -= at->size_bytes();
        entry_at(at).exchange_values(entry);
      } else {
        tree_.insert(at, std::move(entry));
      }
      ++done;
    }
  } catch (...) {
    undo_puts(batch, entries, done);
    throw;
  }
  return size;
}

// Undoes the first `done` puts of `batch`. Allocates nothing.
void MemoryEngine::undo_puts(const WriteBatch& batch, std::vector<Entry>& entries,
                             std::size_t done) {
  std::size_t index = entries.size();
  for (auto change = batch.changes().rbegin(); change != batch.changes().rend(); ++change) {
    const auto* put = std::get_if<WriteBatch::Put>(&*change);
    if (put == nullptr || --index >= done) continue;
    const auto at = tree_.find(Probe(put->key));
    if (entries[index].has_value()) {
      entry_at(at).exchange_values(entries[index]);
    } else {
      tree_.erase(at);
    }
  }
}

bool MemoryEngine::erase_part(const KeyRange& range) noexcept {
  constexpr std::size_t entries_max = 1000;
  constexpr std::size_t bytes_max = 1'000'000;  // the last entry may exceed it
  if (range.empty()) return false;
  const std::unique_lock guard(lock_);
  const auto begin = tree_.lower_bound(Probe(range.begin));
  const auto range_end = tree_.lower_bound(Probe(range.end));
  auto end = begin;
  std::size_t bytes = 0;
  for (std::size_t i = 0; end != range_end && i < entries_max && bytes < bytes_max; ++i) {
    bytes += end->size_bytes();
    ++end;
  }
  const bool has_more = end != range_end;
  tree_.erase(begin, end);
  size_bytes_.store(entries_size_bytes() - bytes, std::memory_order_relaxed);
  return has_more;
}

// Returns the memory of all entries after `batch`, whose puts are `entries`. The caller holds the
// lock.
std::size_t MemoryEngine::size_bytes_after(const WriteBatch& batch,
                                           const std::vector<Entry>& entries) const {
  std::map<std::string_view, std::size_t> sizes;  // of every key that changes
  auto next_entry = entries.begin();
  for (const auto& change : batch.changes()) {
    if (const auto* put = std::get_if<WriteBatch::Put>(&change)) {
      sizes[put->key] = (next_entry++)->size_bytes();
    } else if (const auto* erase = std::get_if<WriteBatch::Erase>(&change)) {
      sizes[erase->key] = 0;
    } else {
      const KeyRange& range = std::get<WriteBatch::EraseRange>(change).range;
      if (range.empty()) continue;
      for (auto at = sizes.lower_bound(range.begin); at != sizes.lower_bound(range.end); ++at) {
        at->second = 0;
      }
      const auto end = tree_.lower_bound(Probe(range.end));
      for (auto at = tree_.lower_bound(Probe(range.begin)); at != end; ++at) sizes[at->key()] = 0;
    }
  }
  std::size_t size = entries_size_bytes();
  for (const auto& [key, new_size] : sizes) {
    const auto at = tree_.find(Probe(key));
    size += new_size;
    if (at != tree_.end()) size -= at->size_bytes();
  }
  return size;
}

}  // namespace pageturner
