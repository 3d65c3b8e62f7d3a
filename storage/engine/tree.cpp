#include "storage/engine/tree.h"

#include <algorithm>
#include <array>

#include "protocol/assert.h"

namespace pageturner {
namespace {

// A node with fewer slots is merged with a neighbour if both together have no more than
// merged_slots_max, which leaves room for the next puts.
constexpr std::size_t slots_min = Node::slots_max / 4;
constexpr std::size_t merged_slots_max = Node::slots_max * 3 / 4;

// More levels than any tree has that fits into memory.
constexpr std::size_t levels_max = 24;

std::string_view behind(std::string_view key, std::size_t skip) {
  return key.substr(std::min(skip, key.size()));
}

// The bytes of the key that slot `index` repeats.
std::string_view key_of(const Node& node, std::size_t index) {
  const Node::Pointer to = node.slots[index].to;
  if (node.is_leaf()) return to.entry->key();
  return to.node->low == nullptr ? std::string_view() : to.node->low->key();
}

// Returns the first slot from `begin` on whose key is not before `key` (is_upper: is behind `key`).
template <bool is_upper>
std::size_t search(const Node& node, std::size_t begin, std::string_view key) {
  const std::uint64_t prefix = prefix_of(key, node.skip);
  const auto is_before = [&](std::size_t index) {
    const std::uint64_t other = node.slots[index].prefix;
    if (other != prefix) return other < prefix;
    const int order = behind(key_of(node, index), node.skip).compare(behind(key, node.skip));
    return is_upper ? order <= 0 : order < 0;
  };
  std::size_t length = node.count - begin;
  while (length > 0) {
    const std::size_t half = length / 2;
    if (is_before(begin + half)) {
      begin += half + 1;
      length -= half + 1;
    } else {
      length = half;
    }
  }
  return begin;
}

// Returns the position of `key`, or that of the next entry, in a leaf.
std::size_t position_of(const Node& leaf, std::string_view key) {
  return search<false>(leaf, 0, key);
}

// Returns the child to which `key` belongs.
std::size_t child_of(const Node& node, std::string_view key) {
  return search<true>(node, 1, key) - 1;
}

bool has_key(const Node& leaf, std::size_t position, std::string_view key) {
  return position < leaf.count && leaf.slots[position].to.entry->key() == key;
}

std::size_t common_bytes(std::string_view left, std::string_view right) {
  const std::size_t shorter = std::min(left.size(), right.size());
  return static_cast<std::size_t>(
      std::mismatch(left.begin(), left.begin() + shorter, right.begin()).first - left.begin());
}

// Returns the beginning that two bounds of a node have in common, as Node::skip can express it.
std::uint16_t skip_between(const Separator* low, const Separator* high) {
  constexpr std::size_t most = std::numeric_limits<std::uint16_t>::max();
  if (low == nullptr || high == nullptr) return 0;
  return static_cast<std::uint16_t>(std::min(common_bytes(low->key(), high->key()), most));
}

void set_skip(Node& node, std::uint16_t skip) {
  if (node.skip == skip) return;
  node.skip = skip;
  for (std::size_t i = 0; i < node.count; ++i) {
    node.slots[i].prefix = prefix_of(key_of(node, i), skip);
  }
}

void insert_slot(Node& node, std::size_t index, Node::Pointer to) {
  Node::Slot* at = node.slots + index;
  std::move_backward(at, node.slots + node.count, node.slots + node.count + 1);
  ++node.count;
  at->to = to;
  at->prefix = prefix_of(key_of(node, index), node.skip);
}

void remove_slot(Node& node, std::size_t index) {
  std::move(node.slots + index + 1, node.slots + node.count, node.slots + index);
  --node.count;
}

Node::Pointer to(Entry* entry) {
  Node::Pointer pointer;
  pointer.entry = entry;
  return pointer;
}

Node::Pointer to(Node* node) {
  Node::Pointer pointer;
  pointer.node = node;
  return pointer;
}

// Adds a reference to everything that the first `count` slots of `node` point to.
void share_slots(const Node& node) {
  for (std::size_t i = 0; i < node.count; ++i) {
    if (node.is_leaf()) {
      ++node.slots[i].to.entry->references;
    } else {
      ++node.slots[i].to.node->references;
    }
  }
}

// A position in a tree that is not empty: a leaf and a slot of it, which may be behind its last.
class Cursor {
 public:
  // At `key`, or at the next entry.
  Cursor(const Node* root, std::string_view key) {
    descend(root, [&](const Node& node) { return child_of(node, key); });
    position_ = position_of(*leaf_, key);
  }
  // Behind the last entry.
  explicit Cursor(const Node* root) {
    descend(root, [](const Node& node) { return node.count - std::size_t{1}; });
    position_ = leaf_->count;
  }

  const Node& leaf() const { return *leaf_; }
  std::size_t position() const { return position_; }

  // Moves to the first slot of the next leaf. Returns false if there is none.
  bool next_leaf() {
    while (depth_ > 0 && frames_[depth_ - 1].index + 1u == frames_[depth_ - 1].node->count) {
      --depth_;
    }
    if (depth_ == 0) return false;
    Frame& frame = frames_[depth_ - 1];
    if (frame.index + 2u < frame.node->count)
      frame.node->slots[frame.index + 2].to.node->prefetch();
    descend(frame.node->slots[++frame.index].to.node, [](const Node&) { return std::size_t{0}; });
    position_ = 0;
    return true;
  }
  // Moves behind the last slot of the previous leaf. Returns false if there is none.
  bool previous_leaf() {
    while (depth_ > 0 && frames_[depth_ - 1].index == 0) --depth_;
    if (depth_ == 0) return false;
    Frame& frame = frames_[depth_ - 1];
    if (frame.index > 1) frame.node->slots[frame.index - 2].to.node->prefetch();
    descend(frame.node->slots[--frame.index].to.node,
            [](const Node& node) { return node.count - std::size_t{1}; });
    position_ = leaf_->count;
    return true;
  }

 private:
  struct Frame {
    const Node* node;
    std::size_t index;
  };

  template <class Choose>
  void descend(const Node* node, Choose choose) {
    while (!node->is_leaf()) {
      PAGETURNER_ASSERT(depth_ < levels_max);
      const std::size_t index = choose(*node);
      frames_[depth_++] = {node, index};
      node = node->slots[index].to.node;
      node->prefetch();
    }
    leaf_ = node;
  }

  std::array<Frame, levels_max> frames_;
  std::size_t depth_ = 0;
  const Node* leaf_ = nullptr;
  std::size_t position_ = 0;
};

// How far ahead of a walk entries are prefetched.
constexpr std::size_t prefetched_entries = 3;

void prefetch_entries(const Node& leaf, std::size_t begin, std::size_t end) {
  for (; begin < end; ++begin) leaf.slots[begin].to.entry->prefetch();
}

void walk_forward(Cursor at, const Cursor& end, absl::FunctionRef<bool(const Entry&)> visit) {
  std::size_t begin = at.position();
  while (true) {
    const Node& leaf = at.leaf();
    const bool is_last = &leaf == &end.leaf();
    const std::size_t stop = is_last ? end.position() : leaf.count;
    prefetch_entries(leaf, begin, std::min(begin + prefetched_entries, stop));
    for (std::size_t i = begin; i < stop; ++i) {
      if (i + prefetched_entries < stop) leaf.slots[i + prefetched_entries].to.entry->prefetch();
      if (!visit(*leaf.slots[i].to.entry)) return;
    }
    if (is_last || !at.next_leaf()) return;
    begin = 0;
  }
}

void walk_backward(const Cursor& begin, Cursor at, absl::FunctionRef<bool(const Entry&)> visit) {
  while (true) {
    const Node& leaf = at.leaf();
    const bool is_last = &leaf == &begin.leaf();
    const std::size_t stop = is_last ? begin.position() : 0;
    for (std::size_t i = at.position(); i > stop; --i) {
      if (i > stop + prefetched_entries)
        leaf.slots[i - 1 - prefetched_entries].to.entry->prefetch();
      if (!visit(*leaf.slots[i - 1].to.entry)) return;
    }
    if (is_last || !at.previous_leaf()) return;
  }
}

}  // namespace

bool has_entries(const Node* root) {
  bool found = false;
  walk_entries(root, {}, Direction::forward, [&](const Entry&) { return found = true, false; });
  return found;
}

const Entry* find_unshared_entry(const Node* root, std::string_view key) {
  if (root == nullptr) return nullptr;
  const Node* node = root;
  while (!node->is_leaf() && node->references == 1) {
    node = node->slots[child_of(*node, key)].to.node;
  }
  if (node->references > 1) return nullptr;
  const std::size_t position = position_of(*node, key);
  if (!has_key(*node, position, key)) return nullptr;
  const Entry* entry = node->slots[position].to.entry;
  return entry->references == 1 ? entry : nullptr;
}

const Entry* find_entry(const Node* root, std::string_view key) {
  if (root == nullptr) return nullptr;
  const Node* node = root;
  while (!node->is_leaf()) {
    node = node->slots[child_of(*node, key)].to.node;
    node->prefetch();
  }
  const std::size_t position = position_of(*node, key);
  return has_key(*node, position, key) ? node->slots[position].to.entry : nullptr;
}

void walk_entries(const Node* root, const KeyRange& range, Direction direction,
                  absl::FunctionRef<bool(const Entry&)> visit) {
  if (root == nullptr || range.empty()) return;
  const Cursor begin(root, range.begin);
  const Cursor end = range.end ? Cursor(root, *range.end) : Cursor(root);
  if (direction == Direction::forward) {
    walk_forward(begin, end, visit);
  } else {
    walk_backward(begin, end, visit);
  }
}

// Replaces `node` by a copy if it is shared, and returns it.
Node* TreeChanges::unshare(Node*& node) {
  if (node->references == 1) return node;
  Node* copy = memory_.new_node(node->level, node->has_spaces);
  copy->count = node->count;
  copy->skip = node->skip;
  copy->low = node->low;
  std::copy(node->slots, node->slots + node->count, copy->slots);
  if (copy->low != nullptr) ++copy->low->references;
  share_slots(*copy);
  --node->references;
  return node = copy;
}

// Puts a root above `root`, which then has only that child.
void TreeChanges::grow(Node*& root) {
  Node* parent = memory_.new_node(root->level + 1u, root->has_spaces);
  insert_slot(*parent, 0, to(root));
  root = parent;
}

void TreeChanges::split_child(Node& parent, std::size_t index, std::size_t middle,
                              const Separator* high, std::string_view inserted) {
  Node& left = *parent.slots[index].to.node;
  Separator* separator;
  if (left.is_leaf()) {
    const std::string_view last = middle == 0 ? inserted : key_of(left, middle - 1);
    const std::string_view first = middle == left.count ? inserted : key_of(left, middle);
    separator = memory_.new_separator(first.substr(0, common_bytes(last, first) + 1));
  } else {
    separator = left.slots[middle].to.node->low;
    ++separator->references;
  }
  Node* right;
  try {
    right = memory_.new_node(left.level, left.has_spaces);
  } catch (...) {
    memory_.drop(separator);
    throw;
  }
  right->low = separator;
  right->skip = left.skip;
  std::copy(left.slots + middle, left.slots + left.count, right->slots);
  right->count = static_cast<std::uint8_t>(left.count - middle);
  left.count = static_cast<std::uint8_t>(middle);
  set_skip(*right, std::max(right->skip, skip_between(separator, high)));
  set_skip(left, std::max(left.skip, skip_between(left.low, separator)));
  insert_slot(parent, index + 1, to(right));
}

Entry* TreeChanges::put(Node*& root, Entry* entry, bool has_spaces) {
  const std::string_view key = entry->key();
  if (root == nullptr) root = memory_.new_node(0, has_spaces);
  Node* node = unshare(root);
  if (!node->is_leaf() && node->is_full()) {
    grow(root);
    node = root;
    split_child(*root, 0, Node::slots_max / 2, nullptr, {});
  }
  // Full inner nodes are split on the way down, so that a split of a child finds room in its
  // parent.
  Node* parent = nullptr;
  std::size_t index = 0;
  const Separator* high = nullptr;
  while (!node->is_leaf()) {
    parent = node;
    index = child_of(*parent, key);
    const auto next_low = [&] {
      return index + 1 < parent->count ? parent->slots[index + 1].to.node->low : high;
    };
    node = unshare(parent->slots[index].to.node);
    if (!node->is_leaf() && node->is_full()) {
      split_child(*parent, index, Node::slots_max / 2, next_low(), {});
      if (key >= parent->slots[index + 1].to.node->low->key()) {
        node = parent->slots[++index].to.node;
      }
    }
    high = next_low();
  }
  const std::size_t position = position_of(*node, key);
  if (has_key(*node, position, key)) return std::exchange(node->slots[position].to.entry, entry);
  insert_in_leaf(root, parent, index, node, position, high, entry);
  return nullptr;
}

// Inserts `entry` at `position` of `leaf`, the child `index` of `parent` (nullptr: the leaf is the
// root).
void TreeChanges::insert_in_leaf(Node*& root, Node* parent, std::size_t index, Node* leaf,
                                 std::size_t position, const Separator* high, Entry* entry) {
  if (leaf->is_full()) {
    if (parent == nullptr) {
      grow(root);
      parent = root;
    }
    // Ascending and descending keys leave full nodes behind.
    // Not if the next one is small: keys that descend towards the end of a full node would each get
    // a node of their own.
    const bool is_next_small =
        index + 1 < parent->count && parent->slots[index + 1].to.node->count < slots_min;
    const std::size_t middle = position == leaf->count && !is_next_small ? position
                               : position == 0                           ? 0
                                               : leaf->count / std::size_t{2};
    split_child(*parent, index, middle, high, entry->key());
    Node* right = parent->slots[index + 1].to.node;
    if (entry->key() >= right->low->key()) {
      position -= middle;
      leaf = right;
    }
  }
  insert_slot(*leaf, position, to(entry));
}

Entry** TreeChanges::find_for_change(Node*& root, std::string_view key) {
  if (root == nullptr) return nullptr;
  Node* node = unshare(root);
  while (!node->is_leaf()) node = unshare(node->slots[child_of(*node, key)].to.node);
  const std::size_t position = position_of(*node, key);
  return has_key(*node, position, key) ? &node->slots[position].to.entry : nullptr;
}

Entry** TreeChanges::find_unshared(Node* root, std::string_view key) noexcept {
  if (root == nullptr) return nullptr;
  Node* node = root;
  while (!node->is_leaf()) node = node->slots[child_of(*node, key)].to.node;
  PAGETURNER_ASSERT(node->references == 1);
  const std::size_t position = position_of(*node, key);
  return has_key(*node, position, key) ? &node->slots[position].to.entry : nullptr;
}

Entry* TreeChanges::erase(Node*& root, std::string_view key) noexcept {
  if (root == nullptr) return nullptr;
  std::array<std::pair<Node*, std::size_t>, levels_max> path;
  std::size_t depth = 0;
  Node* node = root;
  while (!node->is_leaf()) {
    PAGETURNER_ASSERT(depth < levels_max && node->references == 1);
    const std::size_t index = child_of(*node, key);
    path[depth++] = {node, index};
    node = node->slots[index].to.node;
  }
  const std::size_t position = position_of(*node, key);
  if (!has_key(*node, position, key)) return nullptr;
  PAGETURNER_ASSERT(node->references == 1);
  Entry* erased = node->slots[position].to.entry;
  remove_slot(*node, position);
  for (; depth > 0; --depth) {
    auto& [parent, index] = path[depth - 1];
    while (parent->slots[index].to.node->count < slots_min && merge_child(*parent, index)) {
    }
  }
  while (!root->is_leaf() && root->count == 1) {
    Node* child = root->slots[0].to.node;
    memory_.drop_emptied(root);
    root = child;
  }
  if (root->count == 0) {
    PAGETURNER_ASSERT(root->low == nullptr);
    memory_.drop_emptied(root);
    root = nullptr;
  }
  return erased;
}

// Merges the child `index` of `parent`, which is not shared, with one of its neighbours, if one is
// small enough, and sets `index` to the merged child. Returns whether it did.
bool TreeChanges::merge_child(Node& parent, std::size_t& index) noexcept {
  Node& node = *parent.slots[index].to.node;
  const std::size_t most = node.count == 0 ? Node::slots_max : merged_slots_max;
  const auto fits = [&](std::size_t sibling) {
    return parent.slots[sibling].to.node->count + std::size_t{node.count} <= most;
  };
  if (index > 0 && fits(index - 1)) {
    absorb(node, parent.slots[index - 1].to.node, true);
    parent.slots[--index].to.node = &node;
    remove_slot(parent, index + 1);
    return true;
  }
  if (index + 1u < parent.count && fits(index + 1)) {
    absorb(node, parent.slots[index + 1].to.node, false);
    remove_slot(parent, index + 1);
    return true;
  }
  return false;
}

// Moves the slots of `sibling`, which is before or behind `node`, to `node`, and drops the sibling.
void TreeChanges::absorb(Node& node, Node* sibling, bool is_before) noexcept {
  const bool is_shared = sibling->references > 1;
  if (is_shared) share_slots(*sibling);
  const std::size_t offset = is_before ? 0 : node.count;
  if (is_before) {
    std::move_backward(node.slots, node.slots + node.count,
                       node.slots + node.count + sibling->count);
    if (is_shared) {
      memory_.drop(node.low);
      node.low = sibling->low;
      if (node.low != nullptr) ++node.low->references;
    } else {
      std::swap(node.low, sibling->low);
    }
  }
  std::copy(sibling->slots, sibling->slots + sibling->count, node.slots + offset);
  const std::size_t first_of_right = is_before ? sibling->count : node.count;
  node.count = static_cast<std::uint8_t>(node.count + sibling->count);
  // All keys between the outer bounds have this beginning.
  const std::uint16_t skip = std::min(node.skip, sibling->skip);
  if (node.skip != skip || sibling->skip != skip) {
    node.skip = static_cast<std::uint16_t>(skip + 1);  // another one, so that all are computed
    set_skip(node, skip);
  } else if (first_of_right < node.count) {
    // In an inner node the number of the first slot had no meaning.
    node.slots[first_of_right].prefix = prefix_of(key_of(node, first_of_right), skip);
  }
  if (is_shared) {
    --sibling->references;
  } else {
    memory_.drop(sibling->low);
    memory_.drop_emptied(sibling);
  }
}

}  // namespace pageturner
