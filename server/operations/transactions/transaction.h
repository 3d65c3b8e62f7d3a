// What transactional operations share: cancellation reasons and limits.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "protocol/error.h"
#include "storage/key_codec.h"

namespace pageturner {

// Returns the code of an error in CancellationReasons and in the responses of a batch of
// statements.
std::string_view reason_code(ErrorType type);

// Returns TransactionCanceledException with one reason for each action: a failed condition, a
// conflict or an error about its item; `None` for the other actions. Source: api,
// TransactionCanceledException.
Error transaction_canceled(std::span<const Result<void>> actions);

// Returns whether `error` is a reason to cancel a transaction, rather than the error of the
// request.
bool cancels_transaction(const Error& error);

// Adds the key of an action to `seen_keys`. Errors: ValidationException if it is there already.
// The bytes of the keys must outlive `seen_keys`.
Result<void> check_distinct(std::set<FullKey>& seen_keys, FullKey key);

// Checks that `size_bytes` is at most limits::transaction_size_bytes_max. Errors:
// ValidationException.
Result<void> check_transaction_size(std::size_t size_bytes);

}  // namespace pageturner
