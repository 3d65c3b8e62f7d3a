#include "storage/clock.h"

#include <chrono>

namespace pageturner {
namespace {

template <class SomeClock>
std::int64_t milliseconds_of() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(SomeClock::now().time_since_epoch())
      .count();
}

}  // namespace

std::int64_t now_milliseconds() { return milliseconds_of<std::chrono::system_clock>(); }

std::int64_t steady_milliseconds() { return milliseconds_of<std::chrono::steady_clock>(); }

}  // namespace pageturner
