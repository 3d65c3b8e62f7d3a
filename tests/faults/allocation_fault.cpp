#include "tests/faults/allocation_fault.h"

#include <cstdlib>
#include <new>

namespace pageturner {
namespace {

thread_local std::size_t allocations_left = 0;  // until one fails; 0: none fails
thread_local bool fails_once = true;
thread_local bool has_failed = false;

bool must_fail() {
  if (allocations_left == 0) return false;
  if (allocations_left > 1) {
    --allocations_left;
    return false;
  }
  has_failed = true;
  if (fails_once) allocations_left = 0;
  return true;
}

void* try_allocate(std::size_t size) {
  return must_fail() ? nullptr : std::malloc(size > 0 ? size : 1);
}

void* allocate(std::size_t size) {
  void* const made = try_allocate(size);
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

void* allocate_aligned(std::size_t size, std::align_val_t alignment) {
  const auto bytes = static_cast<std::size_t>(alignment);
  void* const made =
      must_fail() ? nullptr : std::aligned_alloc(bytes, (size + bytes - 1) / bytes * bytes);
  if (made == nullptr) throw std::bad_alloc();
  return made;
}

}  // namespace

AllocationFault::AllocationFault(std::size_t number, FaultMode mode) {
  has_failed = false;
  fails_once = mode == FaultMode::once;
  allocations_left = number;
}

AllocationFault::~AllocationFault() { allocations_left = 0; }

bool AllocationFault::was_hit() const { return has_failed; }

}  // namespace pageturner

// The other forms of new and delete call these by default. (With a sanitizer, those of arrays do
// not.)
void* operator new(std::size_t size) { return pageturner::allocate(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return pageturner::try_allocate(size);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return pageturner::allocate_aligned(size, alignment);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

// The linker directs the calls of realloc() in this executable here (--wrap).
extern "C" void* __real_realloc(void* memory, std::size_t size);
extern "C" void* __wrap_realloc(void* memory, std::size_t size);
extern "C" void* __wrap_realloc(void* memory, std::size_t size) {
  return pageturner::must_fail() ? nullptr : __real_realloc(memory, size);
}
