// Why: a comment "Requires" is worth something only if a caller that breaks it is found. With
// assertions a false condition has to abort the process and say where; a true one does nothing.
// (This file has them on in every build; assert_off_test.cpp has them off.)
#ifndef PAGETURNER_ASSERTIONS
#define PAGETURNER_ASSERTIONS
#endif
#include <gtest/gtest.h>

#include "protocol/assert.h"

namespace pageturner {
namespace {

TEST(AssertOnDeathTest, AbortsWithPlaceAndConditionWhereFalse) {
  const int two = 2;
  EXPECT_DEATH(PAGETURNER_ASSERT(two == 3),
               "assert_on_test.cpp:[0-9]+: assertion failed: two == 3");
}

TEST(AssertOn, EvaluatesTheConditionOnce) {
  int evaluated = 0;
  PAGETURNER_ASSERT(++evaluated > 0);
  EXPECT_EQ(evaluated, 1);
}

}  // namespace
}  // namespace pageturner
