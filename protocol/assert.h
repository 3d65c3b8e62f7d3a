// The assertion macro: checks what a comment calls "Requires".
#pragma once

#include <cstdio>
#include <cstdlib>

namespace pageturner {

// Prints the place and the condition of a failed assertion to stderr, then aborts the process.
[[noreturn]] inline void assertion_failed(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, condition);
  std::abort();
}

}  // namespace pageturner

// Aborts the process where `condition` is false, in builds with PAGETURNER_ASSERTIONS (CMake option
// of the same name; on in the presets dev, asan, tsan, fuzz and syntax). In all other builds
// `condition` is compiled but not evaluated. An assertion checks the code, never what a client
// sends: a request must not be able to make one fail.
#ifdef PAGETURNER_ASSERTIONS
#define PAGETURNER_ASSERT(condition)  \
  ((condition) ? static_cast<void>(0) \
               : ::pageturner::assertion_failed(__FILE__, __LINE__, #condition))
#else
// Not an operand of sizeof: clang warns of functions that only unevaluated operands use.
#define PAGETURNER_ASSERT(condition) static_cast<void>(true || (condition))
#endif
