#include "storage/engine/tree_memory.h"

#include <algorithm>
#include <cstring>
#include <new>

#include "storage/engine/allocation_bytes.h"

namespace pageturner {
namespace {

// Adds to a number that is written with the lock held only.
void add(std::atomic<std::size_t>& sum, std::size_t bytes) {
  sum.store(sum.load(std::memory_order_relaxed) + bytes, std::memory_order_relaxed);
}

// The link of a node in the list of nodes without references. It takes the number of the first
// slot, which is not needed any more.
Node* next_dying(const Node& node) {
  Node* next;
  std::memcpy(&next, &node.slots[0].prefix, sizeof next);
  return next;
}

void set_next_dying(Node& node, Node* next) {
  std::memcpy(&node.slots[0].prefix, &next, sizeof next);
}

}  // namespace

FreedObjects::~FreedObjects() {
  while (first_ != nullptr) {
    Freed* freed = first_;
    first_ = freed->next;
    ::operator delete(freed);
  }
}

void FreedObjects::add(void* object) { first_ = new (object) Freed{first_}; }

TreeMemory::~TreeMemory() {
  while (reclaim(std::numeric_limits<std::size_t>::max())) {
  }
  for (std::size_t i = 0; i < reserve_count_; ++i) freed_.add(reserve_[i]);
}

Entry* TreeMemory::new_entry(std::string_view key, std::string_view value) {
  void* memory = ::operator new(sizeof(Entry) + key.size() + value.size());
  Entry* entry = new (memory) Entry{.references = 1,
                                    .key_bytes = static_cast<std::uint32_t>(key.size()),
                                    .value_bytes = static_cast<std::uint32_t>(value.size()),
                                    .generation = 0,
                                    .is_counted = 0};
  key.copy(entry->bytes(), key.size());
  value.copy(entry->bytes() + key.size(), value.size());
  return entry;
}

Separator* TreeMemory::new_separator(std::string_view key) {
  void* memory = ::operator new(sizeof(Separator) + key.size());
  auto* separator = new (memory) Separator{1, static_cast<std::uint32_t>(key.size())};
  key.copy(reinterpret_cast<char*>(separator + 1), key.size());
  add(node_bytes_, allocation_bytes(sizeof(Separator) + key.size()));
  return separator;
}

Node* TreeMemory::new_node(unsigned level, bool has_spaces) {
  void* memory = nullptr;
  if (!may_use_reserve_) {
    memory = ::operator new(sizeof(Node));
  } else if (memory = ::operator new(sizeof(Node), std::nothrow); memory == nullptr) {
    if (reserve_count_ == 0) throw std::bad_alloc();
    memory = reserve_[--reserve_count_];
  }
  Node* node = new (memory) Node;  // the slots have no values yet
  node->references = 1;
  node->count = 0;
  node->level = level & 0x7F;
  node->has_spaces = has_spaces;
  node->skip = 0;
  node->low = nullptr;
  ++nodes_made_;
  add(node_bytes_, allocation_bytes(sizeof(Node)));
  return node;
}

void TreeMemory::fill_reserve() noexcept {
  while (reserve_count_ < reserve_nodes) {
    void* memory = ::operator new(sizeof(Node), std::nothrow);
    if (memory == nullptr) return;
    reserve_[reserve_count_++] = new (memory) Node;
  }
}

void TreeMemory::drop(Node* node) noexcept {
  if (node == nullptr || --node->references > 0) return;
  set_next_dying(*node, dying_);
  dying_ = node;
}

void TreeMemory::drop(Entry* entry, bool is_space) noexcept {
  if (--entry->references > 0) return;
  if (is_space) drop(space_of(*entry).root);
  if (entry->is_counted) add(entry_bytes_, -counted_bytes(*entry));
  freed_.add(entry);
}

void TreeMemory::drop(Separator* separator) noexcept {
  if (separator == nullptr || --separator->references > 0) return;
  add(node_bytes_, -allocation_bytes(sizeof(Separator) + separator->size));
  freed_.add(separator);
}

void TreeMemory::drop_emptied(Node* node) noexcept {
  add(node_bytes_, -allocation_bytes(sizeof(Node)));
  freed_.add(node);
}

void TreeMemory::retire(Version* version) noexcept {
  version->next_retired = retired_.load(std::memory_order_relaxed);
  while (!retired_.compare_exchange_weak(version->next_retired, version, std::memory_order_release,
                                         std::memory_order_relaxed)) {
  }
}

bool TreeMemory::reclaim(std::size_t objects) noexcept {
  if (retired_.load(std::memory_order_relaxed) != nullptr) {
    Version* version = retired_.exchange(nullptr, std::memory_order_acquire);
    while (version != nullptr) {
      Version* next = version->next_retired;
      drop(version->spaces);
      freed_.add(version);
      version = next;
    }
  }
  while (dying_ != nullptr && objects > 0) {
    Node* node = dying_;
    dying_ = next_dying(*node);
    for (std::size_t i = 0; i < node->count; ++i) {
      if (node->is_leaf()) {
        drop(node->slots[i].to.entry, node->has_spaces);
      } else {
        drop(node->slots[i].to.node);
      }
    }
    objects -= std::min<std::size_t>(objects, node->count + 1);
    drop(node->low);
    drop_emptied(node);
  }
  return dying_ != nullptr;
}

std::size_t TreeMemory::counted_bytes(const Entry& entry) {
  return allocation_bytes(sizeof(Entry) + entry.key_bytes + entry.value_bytes);
}

void TreeMemory::count_put(Entry& entry) noexcept {
  entry.generation = generation_ & 0x7FFF'FFFF;
  entry.is_counted = 1;
  add(entry_bytes_, counted_bytes(entry));
}

void TreeMemory::count_removed(Entry& entry, std::uint32_t first_own_generation) noexcept {
  const std::size_t bytes = removable_bytes(entry, first_own_generation);
  if (bytes == 0) return;
  entry.is_counted = 0;
  add(entry_bytes_, -bytes);
}

std::size_t TreeMemory::removable_bytes(const Entry& entry,
                                        std::uint32_t first_own_generation) const {
  const bool is_own = entry.generation >= first_own_generation;
  return entry.is_counted && is_own ? counted_bytes(entry) : 0;
}

bool TreeMemory::try_reserve(std::size_t bytes, std::size_t spare_bytes) {
  constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
  const std::size_t most =
      spare_bytes > no_limit - size_bytes_max_ ? no_limit : size_bytes_max_ + spare_bytes;
  std::size_t reserved = reserved_bytes_.load(std::memory_order_relaxed);
  do {
    const std::size_t kept =
        entry_bytes_.load(std::memory_order_relaxed) + node_bytes_.load(std::memory_order_relaxed);
    if (bytes > most - std::min(most, kept + reserved)) return false;
  } while (!reserved_bytes_.compare_exchange_weak(reserved, reserved + bytes,
                                                  std::memory_order_relaxed));
  return true;
}

}  // namespace pageturner
