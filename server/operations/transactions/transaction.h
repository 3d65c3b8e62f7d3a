// What the operations on several items at once, all or none, have in common.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "protocol/error.h"

namespace pageturner {

// The code of an error among CancellationReasons and among the answers to a batch of statements.
std::string_view reason_code(ErrorType type);

// TransactionCanceledException with one reason for each action: a failed condition, a conflict or
// an error about its item; `None` for the others. Source: api, TransactionCanceledException.
Error transaction_canceled(std::span<const Result<void>> actions);

// Whether `error` is a reason to cancel a transaction, rather than an answer of its own.
bool cancels_transaction(const Error& error);

// Notes the key of an action. Errors: ValidationException where another action has it already.
Result<void> check_distinct(std::set<std::string>& seen_keys, const std::string& key);

// Refuses more than limits::transaction_size_bytes_max.
Result<void> check_transaction_size(std::size_t size_bytes);

}  // namespace pageturner
