// Locks on single keys: plain writes of the same item wait for each other; a transaction never
// blocks on a key lock, and conflicting requests get TransactionConflict.
#pragma once

#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "storage/engine/engine.h"

namespace pageturner {

// The key of an item, and the keyspace of its table.
struct LockedKey {
  KeyspaceId space;
  std::string_view key;

  auto operator<=>(const LockedKey&) const = default;
};

// Thread-safe. Keys are compared exactly: different keys never conflict, even with equal hashes.
class KeyLocks {
 public:
  // Holds locks until it is destroyed. The bytes of the keys and the KeyLocks must outlive it.
  class Guard {
   public:
    explicit Guard(KeyLocks& locks) : locks_(&locks) {}
    Guard(Guard&& other) noexcept : locks_(other.locks_), keys_(std::move(other.keys_)) {
      other.keys_.clear();
    }
    Guard& operator=(Guard&&) = delete;
    ~Guard();

   private:
    friend class KeyLocks;
    KeyLocks* locks_;
    std::vector<LockedKey> keys_;
  };

  // Locks `key` for a plain write; waits for other plain writes that hold it. Returns nothing if a
  // transaction holds it. Requires (not checked): this thread does not hold `key`.
  std::optional<Guard> lock(LockedKey key);

  // Locks all of `keys` for a transaction, or none if one of them is held; `conflicts` then tells
  // which, by index. Never waits. Of several conflicting transactions at least one gets its keys.
  // Requires: the keys are distinct.
  std::optional<Guard> lock_all(std::span<const LockedKey> keys, std::vector<bool>& conflicts);

  // Whether `key` is held at this moment.
  bool is_locked(LockedKey key);

 private:
  struct Holder {
    LockedKey key;
    bool is_transaction;
  };
  // The held keys of one hash value. The mutex is only held for a search.
  struct Stripe {
    std::mutex mutex;
    std::condition_variable released;
    std::vector<Holder> holders;

    const Holder* find(LockedKey key) const;
  };

  Stripe& stripe_of(LockedKey key);
  void unlock(LockedKey key);

  static constexpr std::size_t stripe_count = 256;
  std::array<Stripe, stripe_count> stripes_;
};

}  // namespace pageturner
