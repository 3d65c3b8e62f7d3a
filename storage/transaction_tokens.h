// The idempotency of transactions: ClientRequestToken.
#pragma once

#include <atomic>
#include <boost/uuid/uuid.hpp>
#include <cstdint>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "protocol/error.h"
#include "storage/engine/engine.h"
#include "storage/memory_charge.h"

namespace pageturner {

// Stores the token of every successful transaction for ten minutes. Thread-safe. Source: api,
// TransactWriteItems, ClientRequestToken.
class TransactionTokens {
  // Digests are stored instead of the texts: every SDK sends a token with every transaction, and
  // requests can have megabytes.
  using Digest = boost::uuids::uuid;
  // Completed transactions, the oldest first.
  using Completed = std::list<std::pair<std::int64_t, Digest>>;

 public:
  // The memory of tokens counts in `engine`, which must outlive this object, and may exceed its
  // limit by `spare_bytes`.
  TransactionTokens(Engine& engine, std::size_t spare_bytes)
      : engine_(engine), spare_bytes_(spare_bytes) {}

  // The read units (4 KB) of each item of a transaction: a repeated request consumes those.
  using ReadUnits = std::vector<std::int64_t>;

  // The exclusive right to make the transaction of a token. The destructor frees the token again,
  // unless complete() was called. The TransactionTokens must outlive it.
  class Claim {
   public:
    Claim(Claim&& other) noexcept
        : tokens_(std::exchange(other.tokens_, nullptr)),
          token_(other.token_),
          completed_(std::move(other.completed_)) {}
    Claim& operator=(Claim&&) = delete;
    ~Claim();

    // Cannot fail: the transaction is committed, and a repetition must not make it again.
    void complete(ReadUnits read_units, std::int64_t now) && noexcept;

   private:
    friend class TransactionTokens;
    Claim(TransactionTokens* tokens, const Digest& token, Completed completed)
        : tokens_(tokens), token_(token), completed_(std::move(completed)) {}
    TransactionTokens* tokens_;
    Digest token_;
    Completed completed_;  // allocated in time for complete()
  };

  // Either the right to make the transaction; or, if it has been made, its read units; or neither,
  // because there is no memory for its token.
  struct BeginResult {
    std::optional<Claim> claim;
    std::optional<ReadUnits> read_units;
  };

  // Begins the transaction with the content `request` under `token`. `now` is
  // steady_milliseconds(), here and in complete(). Errors: IdempotentParameterMismatchException if
  // the token belongs to another request; TransactionInProgressException if another thread has the
  // claim.
  Result<BeginResult> begin(std::string_view token, std::string_view request, std::int64_t now);

  // Removes the tokens that have expired at `now`. begin() does this too.
  void remove_expired(std::int64_t now);
  // Whether there is no token. Takes no lock.
  bool empty() const { return count_ == 0; }

 private:
  struct Record {
    Digest request;
    bool is_complete = false;
    ReadUnits read_units = {};
    MemoryCharge charge = {};
  };

  // The bits of a digest are evenly distributed already.
  struct DigestHash {
    std::size_t operator()(const Digest& digest) const {
      std::size_t hash = 0;
      std::memcpy(&hash, digest.data, sizeof hash);
      return hash;
    }
  };

  static std::size_t record_bytes(const ReadUnits& read_units);
  void remove_expired_locked(std::int64_t now);

  Engine& engine_;
  const std::size_t spare_bytes_;
  std::mutex mutex_;  // guards all following members; count_ is also read without it
  std::unordered_map<Digest, Record, DigestHash> records_;
  Completed completed_;
  std::atomic<std::size_t> count_ = 0;  // of completed_
};

}  // namespace pageturner
