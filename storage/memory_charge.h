// Memory that is kept beside the entries of an engine and counts against its limit.
#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

#include "storage/engine/engine.h"

namespace pageturner {

// Counts bytes in an engine until it is destroyed. Belongs to the record whose memory it counts.
// The engine must outlive it.
class MemoryCharge {
 public:
  // Counts nothing.
  MemoryCharge() = default;
  MemoryCharge(MemoryCharge&& other) noexcept
      : engine_(std::exchange(other.engine_, nullptr)), bytes_(other.bytes_) {}
  MemoryCharge& operator=(MemoryCharge&& other) noexcept {
    std::swap(engine_, other.engine_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }
  ~MemoryCharge() {
    if (engine_ != nullptr) engine_->release(bytes_);
  }

  // Returns nothing if the memory would then exceed the limit of the engine by more than
  // `spare_bytes`.
  static std::optional<MemoryCharge> attempt(Engine& engine, std::size_t bytes,
                                             std::size_t spare_bytes = 0) {
    if (!engine.try_reserve(bytes, spare_bytes)) return std::nullopt;
    return MemoryCharge(engine, bytes);
  }

  // Also beyond the limit: for what frees memory, such as a delete, and must not fail.
  static MemoryCharge always(Engine& engine, std::size_t bytes) {
    std::optional<MemoryCharge> charge =
        attempt(engine, bytes, std::numeric_limits<std::size_t>::max());
    return charge ? *std::move(charge) : MemoryCharge();
  }

  // Returns the charge of a record of `bytes` that replaces one of `bytes_before`, or nullopt if
  // the limit does not allow it. A record that does not grow is accepted beyond the limit too.
  static std::optional<MemoryCharge> replace(Engine& engine, std::size_t bytes,
                                             std::size_t bytes_before) {
    if (bytes <= bytes_before) return always(engine, bytes);
    return attempt(engine, bytes);
  }

 private:
  MemoryCharge(Engine& engine, std::size_t bytes) : engine_(&engine), bytes_(bytes) {}

  Engine* engine_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace pageturner
