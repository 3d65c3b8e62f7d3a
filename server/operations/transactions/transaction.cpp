#include "server/operations/transactions/transaction.h"

#include "protocol/json.h"
#include "protocol/limits.h"

namespace pageturner {
namespace {

std::string_view reason_of(const Result<void>& action) {
  return action ? "None" : reason_code(action.error().type);
}

void append_reason(std::string& out, const Result<void>& action) {
  out += "{\"Code\":\"";
  out += reason_of(action);
  out += '"';
  if (!action) {
    if (!action.error().item_json.empty()) out += ",\"Item\":" + action.error().item_json;
    out += ",\"Message\":";
    append_json_string(out, action.error().message);
  }
  out += '}';
}

}  // namespace

std::string_view reason_code(ErrorType type) {
  switch (type) {
    case ErrorType::conditional_check_failed:
      return "ConditionalCheckFailed";
    case ErrorType::duplicate_item:
      return "DuplicateItem";
    case ErrorType::item_collection_size_limit_exceeded:
      return "ItemCollectionSizeLimitExceeded";
    case ErrorType::resource_not_found:
      return "ResourceNotFound";
    case ErrorType::transaction_conflict:
      return "TransactionConflict";
    default:
      return "ValidationError";
  }
}

Error transaction_canceled(std::span<const Result<void>> actions) {
  Error error{ErrorType::transaction_canceled,
              "Transaction cancelled, please refer cancellation reasons for specific reasons ["};
  std::string& reasons = error.cancellation_reasons_json;
  reasons = "[";
  for (const Result<void>& action : actions) {
    if (reasons.back() != '[') {
      error.message += ", ";
      reasons += ',';
    }
    error.message += reason_of(action);
    append_reason(reasons, action);
  }
  error.message += ']';
  reasons += ']';
  return error;
}

bool cancels_transaction(const Error& error) {
  return error.type == ErrorType::conditional_check_failed ||
         error.type == ErrorType::duplicate_item || error.type == ErrorType::transaction_conflict ||
         error.type == ErrorType::invalid_item ||
         error.type == ErrorType::item_collection_size_limit_exceeded;
}

Result<void> check_distinct(std::set<std::string>& seen_keys, const std::string& key) {
  if (seen_keys.insert(key).second) return {};
  return validation_error("Transaction request cannot include multiple operations on one item");
}

Result<void> check_transaction_size(std::size_t size_bytes) {
  if (size_bytes <= limits::transaction_size_bytes_max) return {};
  return validation_error("Transaction payload size cannot exceed 4 MB");
}

}  // namespace pageturner
