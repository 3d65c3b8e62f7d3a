// The storage engine interface: an ordered map from byte strings to byte strings. Every table and
// every index is a keyspace of one engine. tests/unit/engine_test.cpp checks an engine against this
// contract.
#pragma once

#include <absl/functional/function_ref.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pageturner {

// The keys from `begin` (included) to `end` (excluded), in the order of unsigned bytes.
struct KeyRange {
  std::string begin;
  std::string end;

  bool empty() const { return begin >= end; }
  bool contains(std::string_view key) const { return begin <= key && key < end; }
};

// Returns the end of the range of keys that start with `prefix`: the first key after all of them.
// Requires: the prefix contains a byte other than FF, as the prefix of every keyspace does.
std::string prefix_end(std::string_view prefix);

// Called with the key and the value of one entry. Both are valid during the call only. Returns
// whether to continue.
using EntryVisitor = absl::FunctionRef<bool(std::string_view key, std::string_view value)>;

enum class Direction { forward, backward };

// A consistent snapshot of the whole engine. Must be destroyed before the engine.
//
// A view belongs to the thread that created it: no other thread may use or destroy it. A view may
// block commits, so its lifetime should be short. While a thread has a view it must neither commit
// nor create another view (not checked): an engine may let a waiting commit go first, which would
// wait for the first view.
class ReadView {
 public:
  virtual ~ReadView() = default;

  // Returns the value of `key`, or nothing. Valid as long as the view.
  virtual std::optional<std::string_view> get(std::string_view key) const = 0;

  // Visits the entries of `range` in key order, or in reverse key order, until the visitor returns
  // false or the range ends. An empty or inverted range visits nothing. The visitor may change the
  // object passed as `range`: it is read before the first call.
  virtual void walk(const KeyRange& range, Direction direction, EntryVisitor visitor) const = 0;
};

// A list of changes that are applied atomically. Of several puts of a key the last one counts.
// Requires (not checked): no erasure contains a key that is also put, so that puts and erasures may
// be applied in any order.
class WriteBatch {
 public:
  struct Put {
    std::string key;
    std::string value;
  };
  struct Erase {
    std::string key;
  };
  struct EraseRange {
    KeyRange range;
  };
  using Change = std::variant<Put, Erase, EraseRange>;

  void put(std::string key, std::string value) {
    changes_.push_back(Put{std::move(key), std::move(value)});
  }
  void erase(std::string key) { changes_.push_back(Erase{std::move(key)}); }
  void erase_range(KeyRange range) { changes_.push_back(EraseRange{std::move(range)}); }
  bool empty() const { return changes_.empty(); }

  // For engines, which may move the strings out.
  std::vector<Change>& changes() { return changes_; }
  const std::vector<Change>& changes() const { return changes_; }

 private:
  std::vector<Change> changes_;
};

// Thread-safe.
class Engine {
 public:
  virtual ~Engine() = default;

  // Returns a view of the state after all commits that have returned, and of no later state.
  virtual std::unique_ptr<ReadView> read_view() const = 0;

  // Applies all changes of `batch` or, if it throws or the process dies, none. Every view sees
  // either all of them or none.
  virtual void commit(WriteBatch batch) = 0;

  // As commit(), but changes nothing and returns false if the entries would then take more memory
  // than the engine may use, and more than before. Changes that do not increase the memory always
  // succeed.
  [[nodiscard]] virtual bool try_commit(WriteBatch batch) = 0;

  // Counts `bytes` of memory that the caller keeps beside the entries as if entries took it, until
  // release(). Returns false, and counts nothing, if all of it would then take more than the memory
  // that the engine may use and `spare_bytes`. Takes no lock, so it may be called where the thread
  // has a view; a concurrent try_commit() may take the same room.
  [[nodiscard]] virtual bool try_reserve(std::size_t bytes, std::size_t spare_bytes) = 0;

  // Requires (not checked): try_reserve() counted `bytes`, and they were not released since.
  virtual void release(std::size_t bytes) = 0;

  // Erases the first entries of `range`, atomically: so many that other threads wait for some
  // milliseconds at most. Returns whether there may be more. Cannot fail, for use in destructors
  // and after errors.
  virtual bool erase_part(const KeyRange& range) noexcept = 0;

  // Returns the memory that all entries take, and what is reserved, in bytes.
  virtual std::size_t size_bytes() const = 0;
};

}  // namespace pageturner
