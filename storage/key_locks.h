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

#include "storage/key_codec.h"

namespace pageturner {

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
    std::vector<FullKey> keys_;
  };

  // Locks `key` for a plain write; waits for other plain writes that hold it. Returns nothing if a
  // transaction holds it. Requires (not checked): this thread does not hold `key`.
  std::optional<Guard> lock(FullKey key);

  // Locks all of `keys` for a transaction, or none if one of them is held; `conflicts` then tells
  // which, by index. Never waits. Of several conflicting transactions at least one gets its keys.
  // Requires: the keys are distinct.
  std::optional<Guard> lock_all(std::span<const FullKey> keys, std::vector<bool>& conflicts);

  // Whether `key` is held at this moment.
  bool is_locked(FullKey key);

 private:
  struct Holder {
    FullKey key;
    bool is_transaction;
  };
  // The held keys of one hash value. The mutex is only held for a search.
  struct Stripe {
    std::mutex mutex;
    std::condition_variable released;
    std::vector<Holder> holders;

    const Holder* find(FullKey key) const;
  };

  Stripe& stripe_of(FullKey key);
  void unlock(FullKey key);

  static constexpr std::size_t stripe_count = 256;
  std::array<Stripe, stripe_count> stripes_;
};

}  // namespace pageturner
