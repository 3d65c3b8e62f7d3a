#include "storage/engine/memory_engine.h"

#include <cstring>
#include <mutex>
#include <shared_mutex>

#include "storage/byte_order.h"

namespace ddb {

std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  while (static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  ++end.back();
  return end;
}

std::uint64_t MemoryEngine::prefix_of(std::string_view key) {
  constexpr std::size_t prefix_bytes = sizeof(std::uint64_t);
  const std::string_view prefix = key.substr(0, prefix_bytes);
  // A key that ends earlier sorts before all that go on, as if it went on with zeros.
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
      for (auto at = begin; at != end; ++at) {
        if (!visitor(at->key(), at->value())) return;
      }
    } else {
      for (auto at = end; at != begin;) {
        --at;
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
  // Entries are made before the lock is taken, and what a put or an erase takes out of the tree is
  // freed after it is let go: the lock is held for changes of the tree alone.
  std::vector<Entry> entries;
  entries.reserve(batch.changes().size());
  for (const auto& change : batch.changes()) {
    if (const auto* put = std::get_if<WriteBatch::Put>(&change)) {
      entries.emplace_back(put->key, put->value);
    }
  }
  std::vector<Tree::node_type> removed;
  auto next_entry = entries.begin();
  {
    const std::unique_lock guard(lock_);
    for (const auto& change : batch.changes()) {
      if (std::holds_alternative<WriteBatch::Put>(change)) {
        Entry& entry = *next_entry++;
        const auto at = tree_.lower_bound(entry);
        if (at != tree_.end() && at->key() == entry.key()) {
          at->swap_values(entry);
        } else {
          tree_.insert(at, std::move(entry));
        }
      } else if (const auto* erase = std::get_if<WriteBatch::Erase>(&change)) {
        const auto at = tree_.find(Probe(erase->key));
        if (at != tree_.end()) removed.push_back(tree_.extract(at));
      } else {
        const KeyRange& range = std::get<WriteBatch::EraseRange>(change).range;
        if (!range.empty()) {
          tree_.erase(tree_.lower_bound(Probe(range.begin)), tree_.lower_bound(Probe(range.end)));
        }
      }
    }
  }
}

}  // namespace ddb
