#include "storage/transaction_tokens.h"

#include <boost/uuid/name_generator_sha1.hpp>

#include "storage/memory_bytes.h"

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
  record.charge = MemoryCharge::always(tokens.engine_, record_bytes(read_units));
  record.read_units = std::move(read_units);
  completed_.front().first = now;
  tokens.completed_.splice(tokens.completed_.end(), completed_);
  tokens.count_ = tokens.completed_.size();
}

Result<TransactionTokens::BeginResult> TransactionTokens::begin(std::string_view token,
                                                                std::string_view request,
                                                                std::int64_t now) {
  const Digest token_digest = digest_of(token);
  const Digest request_digest = digest_of(request);
  Completed completed{{now, token_digest}};
  const std::lock_guard guard(mutex_);
  remove_expired_locked(now);
  const auto known = records_.find(token_digest);
  if (known == records_.end()) {
    auto charge = MemoryCharge::attempt(engine_, record_bytes({}), spare_bytes_);
    if (!charge) return BeginResult{};
    Record record{request_digest};
    record.charge = *std::move(charge);
    records_.emplace(token_digest, std::move(record));
    return BeginResult{Claim(this, token_digest, std::move(completed)), {}};
  }
  const Record& record = known->second;
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

std::size_t TransactionTokens::record_bytes(const ReadUnits& read_units) {
  constexpr std::size_t links_bytes = 4 * sizeof(void*);  // of the hash table, and of the list
  return allocation_bytes(sizeof(Record) + sizeof(Digest) + links_bytes) +
         allocation_bytes(sizeof(Completed::value_type) + links_bytes) +
         allocation_bytes(read_units.size() * sizeof(std::int64_t));
}

void TransactionTokens::remove_expired(std::int64_t now) {
  const std::lock_guard guard(mutex_);
  remove_expired_locked(now);
}

void TransactionTokens::remove_expired_locked(std::int64_t now) {
  while (!completed_.empty() && completed_.front().first + lifetime_milliseconds <= now) {
    records_.erase(completed_.front().second);
    completed_.pop_front();
  }
  count_ = completed_.size();
}

}  // namespace pageturner
