// Memory for operations that must not fail for lack of it.
#pragma once

#include <boost/asio/bind_allocator.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <new>

#include "protocol/assert.h"

namespace pageturner {

// The memory of one operation.
class WaitMemory {
 public:
  static constexpr std::size_t bytes_max = 512;

  // Returns bytes_max bytes. Requires: they are not in use.
  void* take() {
    PAGETURNER_ASSERT(!is_taken_);
    is_taken_ = true;
    return bytes_;
  }
  void give_back() { is_taken_ = false; }

 private:
  alignas(std::max_align_t) std::byte bytes_[bytes_max];
  bool is_taken_ = false;
};

// Allocates one object in a WaitMemory, which must outlive it.
template <class T>
class WaitAllocator {
 public:
  using value_type = T;

  explicit WaitAllocator(WaitMemory& memory) : memory_(&memory) {}
  template <class U>
  WaitAllocator(const WaitAllocator<U>& other) : memory_(other.memory()) {}

  T* allocate(std::size_t count) {
    static_assert(sizeof(T) <= WaitMemory::bytes_max);
    // Asio asks for the bytes of an object.
    if (count * sizeof(T) > WaitMemory::bytes_max) throw std::bad_alloc();
    return static_cast<T*>(memory_->take());
  }
  void deallocate(T*, std::size_t) { memory_->give_back(); }

  WaitMemory* memory() const { return memory_; }
  template <class U>
  bool operator==(const WaitAllocator<U>& other) const {
    return memory_ == other.memory();
  }

 private:
  WaitMemory* memory_;
};

// Returns a completion handler whose operation Asio allocates in `memory`. Asio frees the operation
// before it calls `function(error)`, which may therefore start the next one.
template <class Function>
auto wait_handler(WaitMemory& memory, Function function) {
  return boost::asio::bind_allocator(
      WaitAllocator<std::byte>(memory),
      [function](boost::system::error_code error) { function(error); });
}

}  // namespace pageturner
