#include "protocol/error.h"

#include <stdexcept>

namespace ddb {
namespace {

constexpr std::string_view coral_validate = "com.amazon.coral.validate#";
constexpr std::string_view coral_service = "com.amazon.coral.service#";
constexpr std::string_view dynamodb = "com.amazonaws.dynamodb.v20120810#";

// In the order of ErrorType. Prefixes and statuses: "Error handling with DynamoDB" in the Developer
// Guide and recorded answers.
constexpr ErrorTypeRow rows[] = {
    {"ConditionalCheckFailedException", dynamodb, "message", 400},
    {"IdempotentParameterMismatchException", dynamodb, "Message", 400},
    {"IncompleteSignatureException", coral_service, "message", 400},
    {"InternalServerError", dynamodb, "message", 500},
    {"ValidationException", coral_validate, "message", 400},
    {"InvalidSignatureException", coral_service, "message", 400},
    {"LimitExceededException", dynamodb, "message", 400},
    {"MissingAuthenticationTokenException", coral_service, "message", 400},
    {"ResourceInUseException", dynamodb, "message", 400},
    {"ResourceNotFoundException", dynamodb, "message", 400},
    {"SerializationException", coral_service, "Message", 400},
    {"InternalServerError", dynamodb, "message", 500},
    {"TransactionCanceledException", dynamodb, "Message", 400},
    {"TransactionConflictException", dynamodb, "message", 400},
    {"TransactionInProgressException", dynamodb, "Message", 400},
    {"UnknownOperationException", coral_service, "", 400},
    {"ValidationException", coral_validate, "message", 400},
};

}  // namespace

const ErrorTypeRow& error_type_row(ErrorType type) { return rows[static_cast<std::size_t>(type)]; }

void throw_exception_from_error(const Error& error, const boost::source_location&) {
  throw std::logic_error("the value of a failed result was taken: " + error.message);
}

}  // namespace ddb
