// Trees of the memory engine: B+-trees whose nodes may be shared by several trees. Shared nodes are
// copied before a change.
#pragma once

#include <absl/functional/function_ref.h>

#include <string_view>

#include "storage/engine/engine.h"
#include "storage/engine/tree_memory.h"

namespace pageturner {

// A tree is the pointer to its root; nullptr is the empty tree. Reading needs no lock, if no thread
// changes the tree meanwhile.

// Returns the entry of `key`, or nullptr.
const Entry* find_entry(const Node* root, std::string_view key);

// As find_entry, but returns nullptr if the entry or a node on the way to it is shared. Requires:
// the lock of the memory.
const Entry* find_unshared_entry(const Node* root, std::string_view key);

bool has_entries(const Node* root);

// Calls `visit` for the entries of `range` in the order of `direction`, until it returns false.
void walk_entries(const Node* root, const KeyRange& range, Direction direction,
                  absl::FunctionRef<bool(const Entry& entry)> visit);

// Changes of trees. Requires for all: the caller holds the lock of `memory`. Those that throw
// std::bad_alloc have not changed the entries of the tree then.
class TreeChanges {
 public:
  explicit TreeChanges(TreeMemory& memory) : memory_(memory) {}

  // Puts `entry`, whose reference passes to the tree. Returns the entry of the same key that it
  // replaces, whose reference passes to the caller, or nullptr. `has_spaces`: it is the tree of
  // keyspaces. May throw.
  Entry* put(Node*& root, Entry* entry, bool has_spaces);

  // Returns the pointer to the entry of `key` in a leaf that is not shared, or nullptr. It is valid
  // until the next change of the tree; the entry may be replaced by one of the same key. May throw.
  Entry** find_for_change(Node*& root, std::string_view key);

  // As find_for_change. Requires: find_for_change was called for the key, and the tree has not been
  // shared since. Does not throw.
  Entry** find_unshared(Node* root, std::string_view key) noexcept;

  // Removes the entry of `key` and returns it, with its reference, or nullptr if there is none.
  // Requires: as for find_unshared. Does not throw.
  Entry* erase(Node*& root, std::string_view key) noexcept;

 private:
  Node* unshare(Node*& node);
  void grow(Node*& root);
  // Splits the child `index` of `parent`, which is not full, before the slot `middle` of the child.
  // `high` is the end of the child's keys; `inserted` is the key for which a leaf is split.
  void split_child(Node& parent, std::size_t index, std::size_t middle, const Separator* high,
                   std::string_view inserted);
  void insert_in_leaf(Node*& root, Node* parent, std::size_t index, Node* leaf,
                      std::size_t position, const Separator* high, Entry* entry);
  bool merge_child(Node& parent, std::size_t& index) noexcept;
  void absorb(Node& node, Node* sibling, bool is_before) noexcept;

  TreeMemory& memory_;
};

}  // namespace pageturner
