// Failures of the process itself, on stderr.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>

namespace pageturner {

// Writes the exception being handled to stderr, as one line "pageturner: <what>: <text>". At most
// LineLimit::lines_max lines a second are written, so that clients that provoke errors cannot fill
// a disk; the next line tells how many were left out. Requires: called in a catch block.
// Thread-safe. Allocates nothing, because memory may be what ran out. Blocks while stderr is a pipe
// that is full.
void log_exception(std::string_view what) noexcept;

// Limits lines to `lines_max` a second. Not thread-safe.
class LineLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr std::size_t lines_max = 10;

  // Decides whether a line may be written at the time `now`. Returns the number of lines that were
  // left out since the last written one, or nothing if this line must be left out too. Requires:
  // `now` is not before that of the previous call.
  std::optional<std::size_t> admit(Time now);

 private:
  std::optional<Time> second_begin_;  // of the second that `lines_` counts
  std::size_t lines_ = 0;             // written in it
  std::size_t left_out_ = 0;          // since the last written line
};

}  // namespace pageturner
