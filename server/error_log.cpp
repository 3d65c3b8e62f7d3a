#include "server/error_log.h"

#include <cstdio>
#include <exception>
#include <mutex>
#include <utility>

#include "protocol/assert.h"

namespace pageturner {
namespace {

void write_line(std::string_view what, const char* text) {
  static std::mutex mutex;
  static LineLimit limit;
  const std::lock_guard guard(mutex);
  const auto left_out = limit.admit(std::chrono::steady_clock::now());
  if (!left_out) return;
  if (*left_out > 0) std::fprintf(stderr, "pageturner: %zu lines left out\n", *left_out);
  std::fprintf(stderr, "pageturner: %.*s: %s\n", static_cast<int>(what.size()), what.data(), text);
}

}  // namespace

std::optional<std::size_t> LineLimit::admit(Time now) {
  PAGETURNER_ASSERT(!second_begin_ || now >= *second_begin_);
  if (!second_begin_ || now - *second_begin_ >= std::chrono::seconds(1)) {
    second_begin_ = now;
    lines_ = 0;
  }
  if (lines_ == lines_max) {
    ++left_out_;
    return std::nullopt;
  }
  ++lines_;
  return std::exchange(left_out_, 0);
}

void log_exception(std::string_view what) noexcept {
  PAGETURNER_ASSERT(std::current_exception() != nullptr);
  try {
    throw;
  } catch (const std::exception& exception) {
    write_line(what, exception.what());
  } catch (...) {
    write_line(what, "an exception that is no std::exception");
  }
}

}  // namespace pageturner
