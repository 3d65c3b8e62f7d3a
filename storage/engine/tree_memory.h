// The memory of the trees of an engine and its forks, which share nodes and entries.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <limits>
#include <mutex>
#include <string_view>
#include <utility>

#include "storage/engine/tree_node.h"

namespace pageturner {

// One state of all keyspaces of an engine.
struct Version {
  // The tree of keyspaces, with one reference; nullptr if there is none.
  Node* spaces = nullptr;
  // How many views of this version were opened minus how many were closed, once it is not the
  // current one any more; see MemoryEngine.
  std::atomic<std::int64_t> views = 0;
  Version* next_retired = nullptr;
};

// A keyspace: the value of an entry in the tree of keyspaces.
struct Space {
  Node* root = nullptr;  // with one reference
  // Entries of an earlier generation may be shared with other keyspaces.
  std::uint32_t first_own_generation = 0;
};

// Objects whose last reference is gone. Frees them when it is destroyed, which is done without the
// lock.
class FreedObjects {
 public:
  FreedObjects() = default;
  FreedObjects(FreedObjects&& other) noexcept : first_(other.first_) { other.first_ = nullptr; }
  FreedObjects& operator=(FreedObjects&& other) noexcept {
    std::swap(first_, other.first_);
    return *this;
  }
  ~FreedObjects();

  // Requires: `object` came from operator new and has at least eight bytes.
  void add(void* object);

 private:
  struct Freed {
    Freed* next;
  };
  Freed* first_ = nullptr;
};

// Requires, for all members but those that say otherwise: the caller holds mutex().
class TreeMemory {
 public:
  explicit TreeMemory(std::size_t size_bytes_max) : size_bytes_max_(size_bytes_max) {
    fill_reserve();
  }
  TreeMemory(const TreeMemory&) = delete;
  TreeMemory& operator=(const TreeMemory&) = delete;
  ~TreeMemory();

  // Guards all references and all changes of trees of the engines that share this memory.
  std::mutex& mutex() { return mutex_; }

  // Return objects with one reference. Throw std::bad_alloc. new_entry needs no lock.
  static Entry* new_entry(std::string_view key, std::string_view value);
  Separator* new_separator(std::string_view key);
  Node* new_node(unsigned level, bool has_spaces);
  // Frees an entry that was never in a tree. Needs no lock.
  static void free_unused(Entry* entry) noexcept { ::operator delete(entry); }

  // Drop one reference. Objects without references are freed later. `is_space`: an entry of the
  // tree of keyspaces.
  void drop(Node* node) noexcept;
  void drop(Entry* entry, bool is_space) noexcept;
  void drop(Separator* separator) noexcept;
  // Frees a node whose references to others were moved elsewhere.
  void drop_emptied(Node* node) noexcept;

  // Hands over a version of which no view is left. Needs no lock.
  void retire(Version* version) noexcept;

  // Frees up to about `objects` objects without references; they are in take_freed() then. Returns
  // whether there are more.
  bool reclaim(std::size_t objects) noexcept;
  // Returns how many objects the nodes that were made since the last call can leave behind, when
  // they or those that they replace are freed.
  std::size_t take_new_objects() { return std::exchange(nodes_made_, 0) * (Node::slots_max + 2); }
  // Whether reclaim() has anything to do.
  bool has_garbage() const {
    return dying_ != nullptr || retired_.load(std::memory_order_relaxed) != nullptr;
  }
  FreedObjects take_freed() noexcept { return std::move(freed_); }

  // While it exists, nodes that cannot be allocated are taken from a small reserve.
  class UseReserve {
   public:
    explicit UseReserve(TreeMemory& memory) : memory_(memory) { memory_.may_use_reserve_ = true; }
    ~UseReserve() { memory_.may_use_reserve_ = false; }
    UseReserve(const UseReserve&) = delete;
    UseReserve& operator=(const UseReserve&) = delete;

   private:
    TreeMemory& memory_;
  };
  // Fills the reserve up, as far as memory can be allocated.
  void fill_reserve() noexcept;

  // What is counted: the entries of all keyspaces, shared ones once, and nodes and separators, also
  // those that only views show. An entry that is
  // put is counted. One that is replaced or erased is not counted any more, though a view may still
  // show it, except if it may be in another keyspace or fork, because a copy was made since it was
  // put: then it counts until it is freed.
  void count_put(Entry& entry) noexcept;
  void count_removed(Entry& entry, std::uint32_t first_own_generation) noexcept;
  // The bytes that count_removed would subtract.
  std::size_t removable_bytes(const Entry& entry, std::uint32_t first_own_generation) const;
  static std::size_t counted_bytes(const Entry& entry);
  // Begins a new generation of entries and returns it: no entry of it is shared with the copy that
  // is made now.
  std::uint32_t begin_generation() noexcept { return ++generation_; }

  // The limit, and what is counted and reserved. These need no lock.
  std::size_t size_bytes_max() const { return size_bytes_max_; }
  std::size_t size_bytes() const {
    return entry_bytes_.load(std::memory_order_relaxed) +
           node_bytes_.load(std::memory_order_relaxed) +
           reserved_bytes_.load(std::memory_order_relaxed);
  }
  bool try_reserve(std::size_t bytes, std::size_t spare_bytes);
  void release(std::size_t bytes) { reserved_bytes_.fetch_sub(bytes, std::memory_order_relaxed); }

 private:
  static constexpr std::size_t reserve_nodes = 8;

  const std::size_t size_bytes_max_;
  std::mutex mutex_;
  Node* dying_ = nullptr;  // nodes without references, which still have references to others
  FreedObjects freed_;
  std::atomic<Version*> retired_ = nullptr;
  std::array<Node*, reserve_nodes> reserve_{};
  std::size_t reserve_count_ = 0;
  bool may_use_reserve_ = false;
  std::uint32_t generation_ = 0;
  std::size_t nodes_made_ = 0;
  // Written with the lock held, read without it.
  std::atomic<std::size_t> entry_bytes_ = 0;
  std::atomic<std::size_t> node_bytes_ = 0;
  std::atomic<std::size_t> reserved_bytes_ = 0;
};

// Returns the keyspace of an entry in the tree of keyspaces. Its key has eight bytes, so the value
// is aligned.
inline Space& space_of(Entry& entry) {
  return *reinterpret_cast<Space*>(entry.bytes() + sizeof(std::uint64_t));
}
inline const Space& space_of(const Entry& entry) {
  return *reinterpret_cast<const Space*>(entry.bytes() + sizeof(std::uint64_t));
}

}  // namespace pageturner
