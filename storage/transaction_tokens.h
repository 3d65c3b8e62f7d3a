// Which transactions have been made under which ClientRequestToken.
#pragma once

#include <boost/functional/hash.hpp>
#include <boost/uuid/uuid.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocol/error.h"

namespace pageturner {

// Remembers the token of every transaction that succeeded for ten minutes. Thread-safe. Source:
// api, TransactWriteItems, ClientRequestToken.
class TransactionTokens {
  // Digests stand for the texts: every SDK sends a token with every transaction, and requests can
  // have megabytes.
  using Digest = boost::uuids::uuid;

 public:
  using Time = std::chrono::steady_clock::time_point;

  // What it takes to read each item of a transaction, in units of 4 KB: a repeated request costs
  // that.
  using ReadUnits = std::vector<std::int64_t>;

  // The right to make the transaction of a token. Nobody else gets it until this goes; then the
  // token is free again, unless `complete` said that the transaction has been made.
  class Claim {
   public:
    Claim(Claim&& other) noexcept
        : tokens_(std::exchange(other.tokens_, nullptr)), token_(other.token_) {}
    Claim& operator=(Claim&&) = delete;
    ~Claim();

    void complete(ReadUnits read_units, Time now) &&;

   private:
    friend class TransactionTokens;
    Claim(TransactionTokens* tokens, const Digest& token) : tokens_(tokens), token_(token) {}
    TransactionTokens* tokens_;
    Digest token_;
  };

  // Either the right to make it or, where it has been made, what it is to read it.
  struct BeginResult {
    std::optional<Claim> claim;
    ReadUnits read_units;
  };

  // Begins the transaction with the content `request` under `token` at the time `now`. Errors:
  // IdempotentParameterMismatchException where the token stands for another request;
  // TransactionInProgressException where somebody else has the claim.
  Result<BeginResult> begin(std::string_view token, std::string_view request, Time now);

 private:
  struct Record {
    Digest request;
    bool is_complete = false;
    ReadUnits read_units = {};
  };

  void remove_expired(Time now);

  std::mutex mutex_;
  std::unordered_map<Digest, Record, boost::hash<Digest>> records_;
  std::deque<std::pair<Time, Digest>> completed_;  // the oldest first
};

}  // namespace pageturner
