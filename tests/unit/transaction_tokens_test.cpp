// Why: a client that does not know whether its transaction succeeded sends it again, and it must be
// executed only once. Source: api, TransactWriteItems, ClientRequestToken (valid for ten minutes
// after the first request that used it has completed).
#include "storage/transaction_tokens.h"

#include <gtest/gtest.h>

#include "storage/engine/memory_engine.h"

namespace pageturner {
namespace {

constexpr std::int64_t minute = 60'000;  // in milliseconds

class TransactionTokensTest : public testing::Test {
 protected:
  // Returns "claim", "made", or the name of the error; a claim is released.
  std::string begin(std::string_view request, std::int64_t now) {
    const auto begun = tokens_.begin("token", request, now);
    if (!begun) return std::string(error_type_info(begun.error().type).name);
    return begun->claim ? "claim" : "made";
  }

  MemoryEngine engine_;
  TransactionTokens tokens_{engine_, 0};
  const std::int64_t start_ = 60 * minute;
};

TEST_F(TransactionTokensTest, KeepsATokenForTenMinutesAfterCompletion) {
  auto begun = tokens_.begin("token", "request", start_);
  std::move(*begun->claim).complete({2, 3}, start_ + minute);
  EXPECT_EQ(begin("request", start_ + 11 * minute - 1), "made");
  EXPECT_EQ(tokens_.begin("token", "request", start_ + 2 * minute)->read_units,
            (TransactionTokens::ReadUnits{2, 3}));
  EXPECT_EQ(begin("another", start_ + 2 * minute), "IdempotentParameterMismatchException");
  EXPECT_EQ(begin("request", start_ + 11 * minute), "claim");
  EXPECT_EQ(begin("another", start_ + 11 * minute), "claim");
}

TEST_F(TransactionTokensTest, CountsTheMemoryOfTokensUntilTheyExpire) {
  for (const char* token : {"a", "b"}) {
    auto begun = tokens_.begin(token, "request", start_);
    std::move(*begun->claim).complete(TransactionTokens::ReadUnits(100), start_);
  }
  EXPECT_GT(engine_.size_bytes(), 2 * 100 * sizeof(std::int64_t));
  EXPECT_FALSE(tokens_.empty());
  tokens_.remove_expired(start_ + 10 * minute - 1);
  EXPECT_FALSE(tokens_.empty());
  tokens_.remove_expired(start_ + 10 * minute);
  EXPECT_TRUE(tokens_.empty());
  EXPECT_EQ(engine_.size_bytes(), 0u);
}

TEST_F(TransactionTokensTest, GrantsOneClaimAtATime) {
  {
    const auto begun = tokens_.begin("token", "request", start_);
    EXPECT_EQ(begin("request", start_), "TransactionInProgressException");
    EXPECT_EQ(begin("another", start_), "IdempotentParameterMismatchException");
    EXPECT_TRUE(tokens_.begin("other token", "request", start_)->claim);
  }
  // The claim was not completed, so the transaction has not been executed.
  EXPECT_EQ(begin("another", start_), "claim");
}

}  // namespace
}  // namespace pageturner
