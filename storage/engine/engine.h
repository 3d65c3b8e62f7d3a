// The storage engine interface: keyspaces, which are ordered maps from byte strings to byte
// strings. Every table and every index is a keyspace of one engine. tests/engine/engine_test.cpp
// checks an engine against this contract.
#pragma once

#include <absl/functional/function_ref.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace pageturner {

// The number of a keyspace. A keyspace exists from its first change on; a number that was never
// used is an empty keyspace.
using KeyspaceId = std::uint32_t;

// The keys from `begin` (included) to `end` (excluded), in the order of unsigned bytes.
struct KeyRange {
  std::string begin = {};
  std::optional<std::string> end = {};  // nothing: no upper bound

  bool empty() const { return end && begin >= *end; }
  bool contains(std::string_view key) const { return begin <= key && (!end || key < *end); }
};

// Returns the end of the range of keys that start with `prefix`: the first key after all of them.
// Requires: the prefix contains a byte other than FF.
std::string prefix_end(std::string_view prefix);

// Called with the key and the value of one entry. Both are valid as long as the view. Returns
// whether to continue.
using EntryVisitor = absl::FunctionRef<bool(std::string_view key, std::string_view value)>;

enum class Direction { forward, backward };

// A consistent snapshot of the whole engine. It never blocks a commit and is never blocked by one.
// It may be used and destroyed by any thread, by several at once, and live for any time; it keeps
// the memory of the entries that it shows. At most 65,535 at a time. Must be destroyed before the
// engine.
class ReadView {
 public:
  virtual ~ReadView() = default;

  // Returns the value of `key`, or nothing. Valid as long as the view.
  virtual std::optional<std::string_view> get(KeyspaceId space, std::string_view key) const = 0;

  // Visits the entries of `range` in key order, or in reverse key order, until the visitor returns
  // false or the range ends. An empty or inverted range visits nothing. The visitor may change the
  // object passed as `range`: it is read before the first call.
  virtual void walk(KeyspaceId space, const KeyRange& range, Direction direction,
                    EntryVisitor visitor) const = 0;

  // Returns the numbers of all keyspaces that have entries, in ascending order.
  virtual std::vector<KeyspaceId> spaces() const = 0;
};

// A list of changes that are applied atomically. Of several puts of a key the last one counts.
// Requires (not checked): no key is both put and erased, and a keyspace that is copied to, copied
// from or erased has no other change in the batch. So an engine may apply the changes in any order.
class WriteBatch {
 public:
  struct Put {
    KeyspaceId space;
    std::string key;
    std::string value;
  };
  struct Erase {
    KeyspaceId space;
    std::string key;
  };
  struct EraseSpace {
    KeyspaceId space;
  };
  struct CopySpace {
    KeyspaceId from;
    KeyspaceId to;
  };
  using Change = std::variant<Put, Erase, EraseSpace, CopySpace>;

  void put(KeyspaceId space, std::string key, std::string value) {
    changes_.push_back(Put{space, std::move(key), std::move(value)});
  }
  void erase(KeyspaceId space, std::string key) {
    changes_.push_back(Erase{space, std::move(key)});
  }
  // Erases all entries of a keyspace. Takes no time that depends on their number.
  void erase_space(KeyspaceId space) { changes_.push_back(EraseSpace{space}); }
  // Makes `to` a copy of `from`. Takes no time and no memory that depends on the number of entries;
  // later changes of one keyspace do not change the other. Requires: `to` is empty.
  void copy_space(KeyspaceId from, KeyspaceId to) { changes_.push_back(CopySpace{from, to}); }
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

  // Erases all entries of `space`. Cannot fail, for use in destructors and after errors.
  virtual void erase_space(KeyspaceId space) noexcept = 0;

  // Returns an engine with the state after all commits that have returned. Later commits of one of
  // the two do not change the other. It shares memory with this engine, and the limit on it. Each
  // of them may be destroyed first. Takes no time that depends on the number of entries.
  virtual std::unique_ptr<Engine> fork() = 0;

  // Frees a part of the memory of entries that were erased or replaced: so much that other threads
  // wait for less than a millisecond. Returns whether there may be more. Without calls of it,
  // memory is freed by commits and when views are destroyed.
  virtual bool reclaim() noexcept = 0;

  // Counts `bytes` of memory that the caller keeps beside the entries as if entries took it, until
  // release(). Returns false, and counts nothing, if all of it would then take more than the memory
  // that the engine may use and `spare_bytes`. Takes no lock; a concurrent try_commit() may take
  // the same room.
  [[nodiscard]] virtual bool try_reserve(std::size_t bytes, std::size_t spare_bytes) = 0;

  // Requires (not checked): try_reserve() counted `bytes`, and they were not released since.
  virtual void release(std::size_t bytes) = 0;

  // Returns the memory that all entries take, and what is reserved, in bytes. Entries that several
  // keyspaces or forks share are counted once. Entries that only views show are not counted; what
  // the engine needs to find entries is.
  virtual std::size_t size_bytes() const = 0;
};

}  // namespace pageturner
