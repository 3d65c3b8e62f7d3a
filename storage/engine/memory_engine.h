// An engine that stores all entries in memory, in one tree for each keyspace.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

#include "storage/engine/engine.h"
#include "storage/engine/tree_memory.h"

namespace pageturner {

// A version is one state of all keyspaces: the root of a tree of keyspaces, each of which is the
// root of a tree of entries. A view is a reference to a version. A commit changes the current
// version in place while no view of it exists; else it makes a new version, which shares all nodes
// with the old one that it does not change, and makes it the current one. A copy of a keyspace is a
// second reference to its root, a fork a second reference to the tree of keyspaces.
class MemoryEngine final : public Engine {
 public:
  // try_commit() limits the memory of the engine and its forks to `size_bytes_max`.
  explicit MemoryEngine(std::size_t size_bytes_max = std::numeric_limits<std::size_t>::max());
  ~MemoryEngine() override;

  std::unique_ptr<ReadView> read_view() const override;
  void commit(WriteBatch batch) override;
  bool try_commit(WriteBatch batch) override;
  void erase_space(KeyspaceId space) noexcept override;
  std::unique_ptr<Engine> fork() override;
  bool reclaim() noexcept override;
  bool try_reserve(std::size_t bytes, std::size_t spare_bytes) override {
    return memory_->try_reserve(bytes, spare_bytes);
  }
  void release(std::size_t bytes) override { memory_->release(bytes); }
  std::size_t size_bytes() const override { return memory_->size_bytes(); }

 private:
  // The entries of the puts of a batch, in their order; frees those that are in no tree.
  struct FreeUnused {
    void operator()(Entry* entry) const { TreeMemory::free_unused(entry); }
  };
  using Entries = std::vector<std::unique_ptr<Entry, FreeUnused>>;

  class View;
  class Update;
  class Commit;

  MemoryEngine(std::shared_ptr<TreeMemory> memory, Version* version);

  Version* open_version() const;
  void close_version(Version* version) const noexcept;
  Version* current_version() const;
  static Entries entries_of(WriteBatch& batch);
  bool apply(WriteBatch batch, bool is_limited);
  bool try_erase_space(KeyspaceId space) noexcept;
  bool make_room(const WriteBatch& batch, const Entries& entries,
                 std::unique_lock<std::mutex>& guard);
  std::size_t growth_bytes(const WriteBatch& batch, const Entries& entries) const;
  std::size_t removable_bytes(KeyspaceId space_id, std::string_view key) const;

  const std::shared_ptr<TreeMemory> memory_;
  // The address of the current version, the number of its views, and whether a commit changes it.
  mutable std::atomic<std::uint64_t> current_;
  // A version for erase_space(), which must not fail. Guarded by the lock of memory_.
  std::unique_ptr<Version> spare_version_;
  // As Space::first_own_generation, for all keyspaces. Guarded by the lock of memory_.
  std::uint32_t first_own_generation_ = 0;
};

}  // namespace pageturner
