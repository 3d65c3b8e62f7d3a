// Why: a client that does not know whether its transaction was made sends it again, and it must be
// made once. Source: api, TransactWriteItems, ClientRequestToken (ten minutes after the first
// request that used it is completed).
#include "storage/transaction_tokens.h"

#include <gtest/gtest.h>

namespace pageturner {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

class TransactionTokensTest : public testing::Test {
 protected:
  // "claim", "made", or the name of the error; a claim is dropped.
  std::string begin(std::string_view request, TransactionTokens::Time now) {
    const auto begun = tokens_.begin("token", request, now);
    if (!begun) return std::string(error_type_info(begun.error().type).name);
    return begun->claim ? "claim" : "made";
  }

  TransactionTokens tokens_;
  const TransactionTokens::Time start_ = TransactionTokens::Time() + minutes(60);
};

TEST_F(TransactionTokensTest, RemembersForTenMinutesAfterTheEnd) {
  auto begun = tokens_.begin("token", "request", start_);
  std::move(*begun->claim).complete({2, 3}, start_ + minutes(1));
  EXPECT_EQ(begin("request", start_ + minutes(11) - milliseconds(1)), "made");
  EXPECT_EQ(tokens_.begin("token", "request", start_ + minutes(2))->read_units,
            (TransactionTokens::ReadUnits{2, 3}));
  EXPECT_EQ(begin("another", start_ + minutes(2)), "IdempotentParameterMismatchException");
  EXPECT_EQ(begin("request", start_ + minutes(11)), "claim");
  EXPECT_EQ(begin("another", start_ + minutes(11)), "claim");
}

TEST_F(TransactionTokensTest, GivesAClaimToOneAtATime) {
  {
    const auto begun = tokens_.begin("token", "request", start_);
    EXPECT_EQ(begin("request", start_), "TransactionInProgressException");
    EXPECT_EQ(begin("another", start_), "IdempotentParameterMismatchException");
    EXPECT_TRUE(tokens_.begin("other token", "request", start_)->claim);
  }
  // It was not completed, so it has not been made.
  EXPECT_EQ(begin("another", start_), "claim");
}

}  // namespace
}  // namespace pageturner
