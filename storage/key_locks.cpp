#include "storage/key_locks.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include "protocol/assert.h"

namespace pageturner {

KeyLocks::Guard::~Guard() {
  for (const FullKey key : keys_) locks_->unlock(key);
}

const KeyLocks::Holder* KeyLocks::Stripe::find(FullKey key) const {
  const auto found = std::find_if(holders.begin(), holders.end(),
                                  [&](const Holder& holder) { return holder.key == key; });
  return found == holders.end() ? nullptr : &*found;
}

KeyLocks::Stripe& KeyLocks::stripe_of(FullKey key) {
  return stripes_[(std::hash<std::string_view>()(key.key) + key.space) % stripe_count];
}

std::optional<KeyLocks::Guard> KeyLocks::lock(FullKey key) {
  // Allocated before the key is held: a failure behind that would leave the key locked for ever.
  Guard guard(*this);
  guard.keys_.reserve(1);
  Stripe& stripe = stripe_of(key);
  std::unique_lock stripe_lock(stripe.mutex);
  while (const Holder* holder = stripe.find(key)) {
    if (holder->is_transaction) return std::nullopt;
    stripe.released.wait(stripe_lock);
  }
  stripe.holders.push_back({key, false});
  guard.keys_.push_back(key);
  return guard;
}

std::optional<KeyLocks::Guard> KeyLocks::lock_all(std::span<const FullKey> keys,
                                                  std::vector<bool>& conflicts) {
  conflicts.assign(keys.size(), false);
  // In the order of the keys, and only up to the first that is held: of several conflicting
  // transactions the one that gets their last common key succeeds, so that they cannot make each
  // other fail forever.
  std::vector<std::size_t> order(keys.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t left, std::size_t right) { return keys[left] < keys[right]; });
  PAGETURNER_ASSERT(
      std::adjacent_find(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
        return keys[left] == keys[right];
      }) == order.end());
  Guard guard(*this);
  guard.keys_.reserve(keys.size());
  bool met = false;
  for (const std::size_t i : order) {
    Stripe& stripe = stripe_of(keys[i]);
    const std::lock_guard stripe_lock(stripe.mutex);
    conflicts[i] = stripe.find(keys[i]) != nullptr;
    met |= conflicts[i];
    if (met) continue;
    stripe.holders.push_back({keys[i], true});
    guard.keys_.push_back(keys[i]);
  }
  if (met) return std::nullopt;
  return guard;
}

bool KeyLocks::is_locked(FullKey key) {
  Stripe& stripe = stripe_of(key);
  const std::lock_guard stripe_lock(stripe.mutex);
  return stripe.find(key) != nullptr;
}

void KeyLocks::unlock(FullKey key) {
  Stripe& stripe = stripe_of(key);
  {
    const std::lock_guard stripe_lock(stripe.mutex);
    const Holder* holder = stripe.find(key);
    PAGETURNER_ASSERT(holder != nullptr);
    const auto index = static_cast<std::size_t>(holder - stripe.holders.data());
    stripe.holders[index] = stripe.holders.back();
    stripe.holders.pop_back();
  }
  stripe.released.notify_all();
}

}  // namespace pageturner
