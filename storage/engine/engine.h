// The storage engine: bytes under ordered keys. Every table and every index is a key space in one
// engine, so that engines are interchangeable; tests/unit/engine_test.cpp holds each to this
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

// The end of the range of keys that start with `prefix`: the first key behind all of them. Requires
// a byte other than FF in the prefix, which every key space's prefix has.
std::string prefix_end(std::string_view prefix);

// Called with the key and the value of one entry. Both are valid only during the call. Returns
// whether to go on.
using EntryVisitor = absl::FunctionRef<bool(std::string_view key, std::string_view value)>;

enum class Direction { forward, backward };

// One consistent state of the whole engine. Not to be used after its engine is gone, nor by two
// threads at once. A view may hold up commits: let go of it soon, and never commit while holding
// one in the same thread.
class ReadView {
 public:
  virtual ~ReadView() = default;

  // The value under `key`; valid as long as the view.
  virtual std::optional<std::string_view> get(std::string_view key) const = 0;

  // Visits the entries of `range` in key order, or in reverse key order, until the visitor returns
  // false or the range ends. An empty or inverted range visits nothing.
  virtual void walk(const KeyRange& range, Direction direction, EntryVisitor visitor) const = 0;
};

// Changes that take effect together, in the order given.
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

  // The state after all commits that have returned, and no later one.
  virtual std::unique_ptr<ReadView> read_view() const = 0;

  // Applies all changes of `batch` or, if the process dies, none. Every view sees either all of
  // them or none.
  virtual void commit(WriteBatch batch) = 0;

  // The same, unless the entries would then take more memory than the engine was given, and more
  // than before: false, and nothing has changed. Changes that free memory are always made.
  [[nodiscard]] virtual bool try_commit(WriteBatch batch) = 0;

  // The memory that all entries take, in bytes.
  virtual std::size_t size_bytes() const = 0;
};

}  // namespace pageturner
