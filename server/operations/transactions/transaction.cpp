#include "server/operations/transactions/transaction.h"

#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

std::string_view reason_of(const Result<void>& action) {
  return action ? "None" : reason_code(action.error().type);
}

void append_reason(std::string& out, const Result<void>& action) {
  ObjectWriter object(out);
  object.text("Code", reason_of(action));
  if (action) return;
  const std::string& item_json = action.error().texts().item_json;
  if (!item_json.empty()) object.member("Item") += item_json;
  object.text("Message", action.error().message);
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
  Error error{
      ErrorType::transaction_canceled,
      concat("Transaction cancelled, please refer cancellation reasons for specific reasons [",
             join(actions, ", ", reason_of), ']')};
  std::string& reasons = error.mutable_texts().cancellation_reasons_json;
  // A hundred items may have 266 MB, so that a text that grows would hold them twice.
  std::size_t reasons_bytes = 0;
  for (const Result<void>& action : actions) {
    constexpr std::size_t code_bytes_max = 64;
    reasons_bytes += code_bytes_max;
    if (action) continue;
    reasons_bytes += action.error().texts().item_json.size() + action.error().message.size();
  }
  reasons.reserve(reasons_bytes);
  append_list(reasons, actions, append_reason);
  return error;
}

bool cancels_transaction(const Error& error) {
  return error.type == ErrorType::conditional_check_failed ||
         error.type == ErrorType::duplicate_item || error.type == ErrorType::transaction_conflict ||
         error.type == ErrorType::invalid_item ||
         error.type == ErrorType::item_collection_size_limit_exceeded;
}

Result<void> check_distinct(std::set<FullKey>& seen_keys, FullKey key) {
  if (seen_keys.insert(key).second) return {};
  return validation_error("Transaction request cannot include multiple operations on one item");
}

Result<void> check_transaction_size(std::size_t size_bytes) {
  if (size_bytes <= limits::transaction_size_bytes_max) return {};
  return validation_error("Transaction payload size cannot exceed 4 MB");
}

}  // namespace pageturner
