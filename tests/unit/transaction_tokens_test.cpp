// Why: a client that does not know whether its transaction succeeded sends it again, and it must be
// executed only once. Source: api, TransactWriteItems, ClientRequestToken (valid for ten minutes
// after the first request that used it has completed).
#include "storage/transaction_tokens.h"

#include <gtest/gtest.h>

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

  TransactionTokens tokens_;
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
