#include "storage/transaction_tokens.h"

#include <boost/uuid/name_generator_sha1.hpp>

namespace pageturner {
namespace {

// api, TransactWriteItems: "A client request token is valid for 10 minutes after the first request
// that uses it is completed."
constexpr std::int64_t lifetime_milliseconds = 10 * 60 * 1000;

boost::uuids::uuid digest_of(std::string_view text) {
  boost::uuids::name_generator_sha1 digest(boost::uuids::ns::oid());
  return digest(text.data(), text.size());
}

}  // namespace

TransactionTokens::Claim::~Claim() {
  if (tokens_ == nullptr) return;
  const std::lock_guard guard(tokens_->mutex_);
  tokens_->records_.erase(token_);
}

void TransactionTokens::Claim::complete(ReadUnits read_units, std::int64_t now) && noexcept {
  TransactionTokens& tokens = *std::exchange(tokens_, nullptr);
  const std::lock_guard guard(tokens.mutex_);
  Record& record = tokens.records_.at(token_);
  record.is_complete = true;
  record.read_units = std::move(read_units);
  completed_.front().first = now;
  tokens.completed_.splice(tokens.completed_.end(), completed_);
}

Result<TransactionTokens::BeginResult> TransactionTokens::begin(std::string_view token,
                                                                std::string_view request,
                                                                std::int64_t now) {
  const Digest token_digest = digest_of(token);
  const Digest request_digest = digest_of(request);
  Completed completed{{now, token_digest}};
  const std::lock_guard guard(mutex_);
  remove_expired(now);
  const auto [found, is_new] = records_.try_emplace(token_digest, Record{request_digest});
  if (is_new) return BeginResult{Claim(this, token_digest, std::move(completed)), {}};
  const Record& record = found->second;
  if (record.request != request_digest) {
    return Error{ErrorType::idempotent_parameter_mismatch,
                 "DynamoDB rejected the request because you retried a request with a different "
                 "payload but with an idempotent token that was already used."};
  }
  if (!record.is_complete) {
    return Error{ErrorType::transaction_in_progress,
                 "Transaction from previous request is still in progress"};
  }
  return BeginResult{std::nullopt, record.read_units};
}

void TransactionTokens::remove_expired(std::int64_t now) {
  while (!completed_.empty() && completed_.front().first + lifetime_milliseconds <= now) {
    records_.erase(completed_.front().second);
    completed_.pop_front();
  }
}

}  // namespace pageturner
