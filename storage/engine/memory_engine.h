// An engine that keeps everything in memory, in one ordered tree.
#pragma once

#include <absl/container/btree_set.h>

#include <cstdint>
#include <memory>
#include <string_view>

#include "storage/engine/engine.h"
#include "storage/read_write_lock.h"

namespace ddb {

class MemoryEngine final : public Engine {
 public:
  // The view holds the tree's lock for reading: commits wait for it.
  std::unique_ptr<ReadView> read_view() const override;
  void commit(WriteBatch batch) override;

 private:
  class View;

  // The first bytes of a key as a number, so that most comparisons need not go to the key itself:
  // with the key in another place of memory for each comparison, a search took a seventh of what a
  // GetItem costs the server.
  static std::uint64_t prefix_of(std::string_view key);

  // What is looked for in the tree.
  struct Probe {
    explicit Probe(std::string_view probed) : prefix(prefix_of(probed)), key(probed) {}
    std::uint64_t prefix;
    std::string_view key;
  };

  // A key and its value, in one piece of memory.
  class Entry {
   public:
    Entry(std::string_view key, std::string_view value);

    std::uint64_t prefix() const { return prefix_; }
    std::string_view key() const { return {bytes_.get() + sizeof(Sizes), sizes().key}; }
    std::string_view value() const {
      const Sizes both = sizes();
      return {bytes_.get() + sizeof(Sizes) + both.key, both.value};
    }

    // Swaps the values with an entry of the same key, which leaves the order of a tree as it is.
    void swap_values(Entry& other) const { bytes_.swap(other.bytes_); }

   private:
    struct Sizes {
      std::uint32_t key;
      std::uint32_t value;
    };
    Sizes sizes() const;

    std::uint64_t prefix_;
    mutable std::unique_ptr<char[]> bytes_;
  };

  struct Less {
    using is_transparent = void;
    template <class Left, class Right>
    bool operator()(const Left& left, const Right& right) const {
      if (prefix(left) != prefix(right)) return prefix(left) < prefix(right);
      return key(left) < key(right);
    }
    static std::uint64_t prefix(const Entry& entry) { return entry.prefix(); }
    static std::uint64_t prefix(const Probe& probe) { return probe.prefix; }
    static std::string_view key(const Entry& entry) { return entry.key(); }
    static std::string_view key(const Probe& probe) { return probe.key; }
  };

  using Tree = absl::btree_set<Entry, Less>;

  mutable ReadWriteLock lock_;
  Tree tree_;
};

}  // namespace ddb
