#include "server/http/memory_reserve.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <utility>

namespace pageturner {
namespace {

// Larger than what Asio allocates for an operation, and small enough to be found again in a full
// heap.
constexpr std::size_t block_bytes = 4 * 1024;
std::array<std::atomic<void*>, 256> blocks;
std::atomic<bool> is_installed = false;
std::atomic<bool> has_gaps = false;
thread_local bool is_use_allowed = false;

// Returns the number of blocks that there is no memory for.
std::size_t fill() {
  std::size_t gaps = 0;
  has_gaps = false;
  for (std::atomic<void*>& block : blocks) {
    if (block != nullptr) continue;
    void* made = std::malloc(block_bytes);
    void* expected = nullptr;
    if (made != nullptr && block.compare_exchange_strong(expected, made)) continue;
    std::free(made);
    if (made != nullptr) continue;  // another thread has filled it meanwhile
    has_gaps = true;
    ++gaps;
  }
  return gaps;
}

void free_block() {
  if (!is_use_allowed) throw std::bad_alloc();
  for (std::atomic<void*>& block : blocks) {
    void* const freed = block.exchange(nullptr);
    if (freed == nullptr) continue;
    has_gaps = true;
    std::free(freed);
    return;
  }
  throw std::bad_alloc();
}

}  // namespace

bool fill_memory_reserve() { return !has_gaps || !is_installed || fill() <= blocks.size() / 2; }

void install_memory_reserve() {
  fill();
  is_installed = true;
  std::set_new_handler(free_block);
}

ReserveUse::ReserveUse(bool is_allowed) : was_allowed_(std::exchange(is_use_allowed, is_allowed)) {}

ReserveUse::~ReserveUse() {
  is_use_allowed = was_allowed_;
  fill_memory_reserve();
}

}  // namespace pageturner
