#include "storage/engine/memory_engine.h"

#include <mutex>
#include <shared_mutex>

namespace ddb {

std::string prefix_end(std::string_view prefix) {
  std::string end(prefix);
  while (static_cast<unsigned char>(end.back()) == 0xFF) end.pop_back();
  ++end.back();
  return end;
}

class MemoryEngine::View final : public ReadView {
 public:
  explicit View(const MemoryEngine& engine) : lock_(engine.lock_), tree_(engine.tree_) {}

  std::optional<std::string_view> get(std::string_view key) const override {
    const auto found = tree_.find(key);
    if (found == tree_.end()) return std::nullopt;
    return found->second;
  }

  void walk(const KeyRange& range, Direction direction, EntryVisitor visitor) const override {
    if (range.empty()) return;
    if (direction == Direction::forward) {
      for (auto at = tree_.lower_bound(range.begin); at != tree_.end() && at->first < range.end;
           ++at) {
        if (!visitor(at->first, at->second)) return;
      }
    } else {
      for (auto at = tree_.lower_bound(range.end); at != tree_.begin();) {
        --at;
        if (at->first < range.begin || !visitor(at->first, at->second)) return;
      }
    }
  }

 private:
  std::shared_lock<ReadWriteLock> lock_;
  const Tree& tree_;
};

std::unique_ptr<ReadView> MemoryEngine::read_view() const { return std::make_unique<View>(*this); }

void MemoryEngine::commit(WriteBatch batch) {
  // What a put or an erase takes out of the tree is freed after the lock is let go: freeing a large
  // value takes longer than replacing it.
  std::vector<Tree::node_type> removed;
  {
    const std::unique_lock guard(lock_);
    for (auto& change : batch.changes()) {
      if (auto* put = std::get_if<WriteBatch::Put>(&change)) {
        // The old value swaps into the batch, which dies outside the lock.
        const auto [at, inserted] = tree_.try_emplace(std::move(put->key));
        at->second.swap(put->value);
      } else if (auto* erase = std::get_if<WriteBatch::Erase>(&change)) {
        if (auto node = tree_.extract(erase->key)) removed.push_back(std::move(node));
      } else {
        const KeyRange& range = std::get<WriteBatch::EraseRange>(change).range;
        if (!range.empty()) {
          tree_.erase(tree_.lower_bound(range.begin), tree_.lower_bound(range.end));
        }
      }
    }
  }
}

}  // namespace ddb
