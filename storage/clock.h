// The clocks. Without <chrono> here, which takes long to compile and would reach most sources.
#pragma once

#include <cstdint>

namespace pageturner {

// Returns the milliseconds since 1970.
std::int64_t now_milliseconds();

// Returns the milliseconds of a clock that is never set: for durations.
std::int64_t steady_milliseconds();

}  // namespace pageturner
