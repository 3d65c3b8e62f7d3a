// Failing allocations. The executable that links allocation_fault.cpp has an operator new and a
// realloc() that can fail.
#pragma once

#include <cstddef>

namespace pageturner {

enum class FaultMode {
  once,  // one allocation fails, as where another thread frees memory meanwhile
  from,  // it and all later ones fail, as in a process at its limit
};

// While it exists, allocations of the thread that created it fail. At most one at a time in each
// thread.
class AllocationFault {
 public:
  // The allocation `number` fails, counted from 1; 0: none.
  AllocationFault(std::size_t number, FaultMode mode);
  ~AllocationFault();
  AllocationFault(const AllocationFault&) = delete;
  AllocationFault& operator=(const AllocationFault&) = delete;

  // Whether an allocation has failed.
  bool was_hit() const;
};

}  // namespace pageturner
