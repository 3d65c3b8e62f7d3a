// Memory for operations that must not fail for lack of it.
#pragma once

#include <boost/asio/bind_allocator.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <new>

namespace pageturner {

// The memory of one operation.
class WaitMemory {
 public:
  void* take(std::size_t bytes) {
    if (is_taken_ || bytes > sizeof bytes_) throw std::bad_alloc();
    is_taken_ = true;
    return bytes_;
  }
  void give_back() { is_taken_ = false; }

 private:
  alignas(std::max_align_t) std::byte bytes_[1024];
  bool is_taken_ = false;
};

// Allocates from a WaitMemory, which must outlive what is allocated.
template <class T>
class WaitAllocator {
 public:
  using value_type = T;

  explicit WaitAllocator(WaitMemory& memory) : memory_(&memory) {}
  template <class U>
  WaitAllocator(const WaitAllocator<U>& other) : memory_(other.memory()) {}

  T* allocate(std::size_t count) { return static_cast<T*>(memory_->take(count * sizeof(T))); }
  void deallocate(T*, std::size_t) { memory_->give_back(); }

  WaitMemory* memory() const { return memory_; }
  template <class U>
  bool operator==(const WaitAllocator<U>& other) const {
    return memory_ == other.memory();
  }

 private:
  WaitMemory* memory_;
};

// Returns a handler for one operation of Asio, which is in `memory`. It calls `function`, after it
// has given the memory back.
template <class Function>
auto wait_handler(WaitMemory& memory, Function function) {
  return boost::asio::bind_allocator(WaitAllocator<std::byte>(memory),
                                     [function](boost::system::error_code) { function(); });
}

}  // namespace pageturner
