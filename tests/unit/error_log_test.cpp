// Why: whatever a client can provoke must not fill the disk that stderr goes to, and what is left
// out must be known afterwards; an exception of any type must come out as a text.
#include "server/error_log.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace pageturner {
namespace {

TEST(ErrorLog, LimitsLinesPerSecondAndCountsThoseLeftOut) {
  LineLimit limit;
  const LineLimit::Time begin;
  const auto at = [&](int milliseconds) { return begin + std::chrono::milliseconds(milliseconds); };
  for (std::size_t i = 0; i < LineLimit::lines_max; ++i) EXPECT_EQ(limit.admit(at(0)), 0u);
  EXPECT_EQ(limit.admit(at(1)), std::nullopt);
  EXPECT_EQ(limit.admit(at(999)), std::nullopt);
  EXPECT_EQ(limit.admit(at(1000)), 2u);  // another second
  EXPECT_EQ(limit.admit(at(1001)), 0u);
}

std::string line_of(void (*fail)()) {
  testing::internal::CaptureStderr();
  try {
    fail();
  } catch (...) {
    log_exception("a step failed");
  }
  return testing::internal::GetCapturedStderr();
}

TEST(ErrorLog, WritesALineForAnyException) {
  EXPECT_EQ(line_of([] { throw std::runtime_error("why"); }), "pageturner: a step failed: why\n");
  EXPECT_EQ(line_of([] { throw 1; }),
            "pageturner: a step failed: an exception that is no std::exception\n");
}

}  // namespace
}  // namespace pageturner
