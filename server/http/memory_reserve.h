// Memory that is kept for the I/O threads. Asio starts operations in functions that must not throw
// (await_suspend() is noexcept): an allocation that fails there would end the process. A request
// that finds no memory is answered with InternalServerError instead and may not use the reserve.
#pragma once

namespace pageturner {

// Allocates the reserve and installs a new-handler, which frees a part of it for a thread that has
// a ReserveUse and otherwise throws std::bad_alloc. For a server process, not for a library within
// another program. Requires: called once, before threads start.
void install_memory_reserve();

// Fills the reserve again. Returns false if there is so little memory that less than half of it is
// left. Does nothing and returns true if it was not installed.
bool fill_memory_reserve();

// While it exists, the allocations of this thread may use the reserve, or may not. The destructor
// restores what was before, and fills the reserve again if there is memory.
class ReserveUse {
 public:
  explicit ReserveUse(bool is_allowed);
  ~ReserveUse();
  ReserveUse(const ReserveUse&) = delete;
  ReserveUse& operator=(const ReserveUse&) = delete;

 private:
  const bool was_allowed_;
};

}  // namespace pageturner
