// The objects of which the trees of the memory engine consist. Each counts the references to it; an
// object with more than one is shared by several versions, keyspaces or engines, and is not
// changed. Reference counts are plain numbers that the lock of the engines guards (see TreeMemory).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace pageturner {

// A key and its value, in one allocation: the bytes of the key, then those of the value, follow
// this header.
struct Entry {
  std::uint32_t references;
  std::uint32_t key_bytes;
  std::uint32_t value_bytes;
  // The number of copies that had been made of any keyspace when the entry was put; see
  // TreeMemory::count_put.
  std::uint32_t generation : 31;
  std::uint32_t is_counted : 1;  // in TreeMemory::kept_bytes

  std::string_view key() const { return {bytes(), key_bytes}; }
  std::string_view value() const { return {bytes() + key_bytes, value_bytes}; }
  const char* bytes() const { return reinterpret_cast<const char*>(this + 1); }
  char* bytes() { return reinterpret_cast<char*>(this + 1); }

  // Prefetches the beginning: header, key and part of the value.
  void prefetch() const {
    constexpr std::size_t line_bytes = 64;
    constexpr std::size_t lines = 4;
    const char* at = reinterpret_cast<const char*>(this);
    for (std::size_t i = 0; i < lines; ++i) __builtin_prefetch(at + i * line_bytes);
  }
};

// A key that separates two nodes; its bytes follow.
struct Separator {
  std::uint32_t references;
  std::uint32_t size;

  std::string_view key() const { return {reinterpret_cast<const char*>(this + 1), size}; }
};

// A node of a B+-tree. A leaf (level 0) has entries in the order of their keys; an inner node has
// nodes of the next lower level, in the order of their keys. All keys of a node are at or after its
// `low` and before the low of the next node.
//
// These two bounds have a common beginning, which all keys that a search can bring to this node
// have too. The node knows the length of a part of it, `skip`. A slot repeats the eight bytes of
// its key (in an inner node: of the low of its node) behind it as a number, so that most
// comparisons need not read the key: keys of one partition have the first 8 bytes and more in
// common. The number of the first slot of an inner node has no meaning.
struct Node {
  union Pointer {
    Entry* entry;
    Node* node;
  };
  struct Slot {
    std::uint64_t prefix;
    Pointer to;
  };
  // An allocation of glibc of 512 bytes. 62 slots (1,008 bytes) were no faster.
  static constexpr std::size_t slots_max = 30;

  std::uint32_t references;
  std::uint8_t count;  // of slots
  std::uint8_t level : 7;
  std::uint8_t has_spaces : 1;  // the tree of keyspaces: its entries are those of Space
  std::uint16_t skip;
  Separator* low;  // nullptr: before all keys
  Slot slots[slots_max];

  bool is_leaf() const { return level == 0; }
  bool is_full() const { return count == slots_max; }

  void prefetch() const {
    constexpr std::size_t line_bytes = 64;
    const char* at = reinterpret_cast<const char*>(this);
    for (std::size_t line = 0; line < sizeof(Node); line += line_bytes) {
      __builtin_prefetch(at + line);
    }
  }
};
static_assert(sizeof(Node) == 496);

// Returns the first eight bytes of `key` behind the first `skip` as a number. A shorter key is
// padded with zeros: keys of equal numbers may differ.
inline std::uint64_t prefix_of(std::string_view key, std::size_t skip) {
  constexpr std::size_t prefix_bytes = sizeof(std::uint64_t);
  std::uint64_t number = 0;
  if (key.size() >= skip + prefix_bytes) {
    std::memcpy(&number, key.data() + skip, prefix_bytes);
  } else if (key.size() > skip) {
    std::memcpy(&number, key.data() + skip, key.size() - skip);
  }
  return __builtin_bswap64(number);
}

}  // namespace pageturner
