// Locks on keys: plain writes of one item take turns; a transaction never waits, and whoever meets
// one on an item is told so.
#pragma once

#include <array>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pageturner {

// Thread-safe. Keys are told apart exactly: two that differ never meet.
class KeyLocks {
 public:
  // Holds some keys until it goes. The bytes of the keys have to outlive it.
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
    std::vector<std::string_view> keys_;
  };

  // Holds `key` for a plain write, after those plain writes that hold it already. Nothing where a
  // transaction holds it.
  std::optional<Guard> lock(std::string_view key);

  // Holds all of `keys`, which are distinct, for a transaction, or none where somebody else holds
  // one of them; `conflicts` then says which of them, in their order. Never waits. Of several
  // transactions that meet at least one gets its keys.
  std::optional<Guard> lock_all(std::span<const std::string_view> keys,
                                std::vector<bool>& conflicts);

  // Whether somebody holds `key` at this moment.
  bool is_locked(std::string_view key);

 private:
  struct Holder {
    std::string_view key;
    bool is_transaction;
  };
  // The keys of one hash, under one mutex that is held for a look only.
  struct Stripe {
    std::mutex mutex;
    std::condition_variable released;
    std::vector<Holder> holders;

    const Holder* find(std::string_view key) const;
  };

  Stripe& stripe_of(std::string_view key);
  void unlock(std::string_view key);

  static constexpr std::size_t stripe_count = 256;
  std::array<Stripe, stripe_count> stripes_;
};

}  // namespace pageturner
