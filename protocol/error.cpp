#include "protocol/error.h"

#include <stdexcept>

#include "protocol/text.h"

namespace pageturner {
namespace {

constexpr std::string_view coral_validate = "com.amazon.coral.validate#";
constexpr std::string_view coral_service = "com.amazon.coral.service#";
constexpr std::string_view dynamodb = "com.amazonaws.dynamodb.v20120810#";

struct ErrorTypeEntry {
  ErrorType type;
  ErrorTypeInfo info;
};

// In the order of ErrorType. Source of prefixes and statuses: Developer Guide, "Error handling with
// DynamoDB"; recorded answers.
constexpr ErrorTypeEntry rows[] = {
    {ErrorType::access_denied, {"AccessDeniedException", coral_service, "Message", 400}},
    {ErrorType::backup_not_found, {"BackupNotFoundException", dynamodb, "message", 400}},
    {ErrorType::conditional_check_failed,
     {"ConditionalCheckFailedException", dynamodb, "message", 400}},
    {ErrorType::duplicate_item, {"DuplicateItemException", dynamodb, "message", 400}},
    {ErrorType::expired_iterator, {"ExpiredIteratorException", dynamodb, "message", 400}},
    {ErrorType::export_conflict, {"ExportConflictException", dynamodb, "message", 400}},
    {ErrorType::export_not_found, {"ExportNotFoundException", dynamodb, "message", 400}},
    {ErrorType::global_table_not_found, {"GlobalTableNotFoundException", dynamodb, "message", 400}},
    {ErrorType::idempotent_parameter_mismatch,
     {"IdempotentParameterMismatchException", dynamodb, "Message", 400}},
    {ErrorType::import_conflict, {"ImportConflictException", dynamodb, "message", 400}},
    {ErrorType::import_not_found, {"ImportNotFoundException", dynamodb, "message", 400}},
    {ErrorType::incomplete_signature,
     {"IncompleteSignatureException", coral_service, "message", 400}},
    {ErrorType::internal_server_error, {"InternalServerError", dynamodb, "message", 500}},
    {ErrorType::invalid_export_time, {"InvalidExportTimeException", dynamodb, "message", 400}},
    {ErrorType::invalid_item, {"ValidationException", coral_validate, "message", 400}},
    {ErrorType::invalid_restore_time, {"InvalidRestoreTimeException", dynamodb, "message", 400}},
    {ErrorType::invalid_signature, {"InvalidSignatureException", coral_service, "message", 400}},
    {ErrorType::item_collection_size_limit_exceeded,
     {"ItemCollectionSizeLimitExceededException", dynamodb, "message", 400}},
    {ErrorType::limit_exceeded, {"LimitExceededException", dynamodb, "message", 400}},
    {ErrorType::missing_authentication_token,
     {"MissingAuthenticationTokenException", coral_service, "message", 400}},
    {ErrorType::point_in_time_recovery_unavailable,
     {"PointInTimeRecoveryUnavailableException", dynamodb, "message", 400}},
    {ErrorType::policy_not_found, {"PolicyNotFoundException", dynamodb, "message", 400}},
    {ErrorType::resource_in_use, {"ResourceInUseException", dynamodb, "message", 400}},
    {ErrorType::resource_not_found, {"ResourceNotFoundException", dynamodb, "message", 400}},
    {ErrorType::serialization, {"SerializationException", coral_service, "Message", 400}},
    {ErrorType::table_already_exists, {"TableAlreadyExistsException", dynamodb, "message", 400}},
    {ErrorType::table_changed, {"InternalServerError", dynamodb, "message", 500}},
    {ErrorType::table_not_found, {"TableNotFoundException", dynamodb, "message", 400}},
    {ErrorType::transaction_canceled, {"TransactionCanceledException", dynamodb, "Message", 400}},
    {ErrorType::transaction_conflict, {"TransactionConflictException", dynamodb, "message", 400}},
    {ErrorType::transaction_in_progress,
     {"TransactionInProgressException", dynamodb, "Message", 400}},
    {ErrorType::trimmed_data_access, {"TrimmedDataAccessException", dynamodb, "message", 400}},
    {ErrorType::unknown_operation, {"UnknownOperationException", coral_service, "", 400}},
    {ErrorType::unrecognized_client,
     {"UnrecognizedClientException", coral_service, "message", 400}},
    {ErrorType::validation, {"ValidationException", coral_validate, "message", 400}},
};

constexpr bool rows_are_in_order() {
  std::size_t next = 0;
  for (const ErrorTypeEntry& row : rows) {
    if (row.type != static_cast<ErrorType>(next++)) return false;
  }
  return next == static_cast<std::size_t>(ErrorType::validation) + 1;
}
static_assert(rows_are_in_order());

}  // namespace

const ErrorTypeInfo& error_type_info(ErrorType type) {
  return rows[static_cast<std::size_t>(type)].info;
}

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::logic_error(concat("value() of a failed result: ", error.message));
}

const ErrorTexts& Error::texts() const {
  static const ErrorTexts none;
  return other_texts ? *other_texts : none;
}

ErrorTexts& Error::mutable_texts() {
  const auto own = std::make_shared<ErrorTexts>(texts());
  other_texts = own;
  return *own;
}

Error validation_error(std::string message, std::string current_message) {
  Error error{.message = std::move(message)};
  error.mutable_texts().current_message = std::move(current_message);
  return error;
}

Error invalid_parameter(std::string_view text, ErrorDetail detail) {
  return validation_error(concat("One or more parameter values were invalid: ", text), detail);
}

Error invalid_request(std::string_view text) {
  return validation_error(concat("Invalid Request: ", text));
}

}  // namespace pageturner
