// Why: a release must not pay for assertions, so their conditions must not be evaluated there.
// (This file has them off in every build; assert_on_test.cpp has them on.)
#undef PAGETURNER_ASSERTIONS
#include <gtest/gtest.h>

#include "protocol/assert.h"

namespace pageturner {
namespace {

TEST(AssertOff, DoesNotEvaluateTheCondition) {
  int evaluated = 0;
  PAGETURNER_ASSERT(++evaluated < 0);
  EXPECT_EQ(evaluated, 0);
}

}  // namespace
}  // namespace pageturner
