// What goes wrong, as a value: every failure that a client can cause travels as an Error inside a
// Result. An exception means a bug and is answered once, at the top, with InternalServerError.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace pageturner {

// One enumerator a `__type` the service answers with; `invalid_item` and `validation` share theirs,
// ValidationException, but within a transaction the first is why one action canceled it and the
// second an answer of its own. `table_changed` is never answered: the operation is run again.
// error.cpp holds one row for each.
enum class ErrorType : std::uint8_t {
  backup_not_found,
  conditional_check_failed,
  duplicate_item,
  expired_iterator,
  export_conflict,
  export_not_found,
  global_table_not_found,
  idempotent_parameter_mismatch,
  import_conflict,
  import_not_found,
  incomplete_signature,
  internal_server_error,
  invalid_export_time,
  invalid_item,
  invalid_restore_time,
  invalid_signature,
  item_collection_size_limit_exceeded,
  limit_exceeded,
  missing_authentication_token,
  point_in_time_recovery_unavailable,
  policy_not_found,
  resource_in_use,
  resource_not_found,
  serialization,
  table_already_exists,
  table_changed,
  table_not_found,
  transaction_canceled,
  transaction_conflict,
  transaction_in_progress,
  trimmed_data_access,
  unknown_operation,
  unrecognized_client,
  validation,
};

struct Error {
  ErrorType type = ErrorType::validation;
  std::string message;
  // Wire JSON of the item a failed condition was checked against; only where the request asked for
  // it with ReturnValuesOnConditionCheckFailure. Empty otherwise.
  std::string item_json = {};
  // Wire JSON of CancellationReasons, one for each action of a canceled transaction. Empty
  // otherwise.
  std::string cancellation_reasons_json = {};
};

// What the wire needs to know of an error type.
struct ErrorTypeInfo {
  std::string_view name;           // "ValidationException"
  std::string_view type_prefix;    // "com.amazon.coral.validate#"
  std::string_view message_field;  // "message" or "Message"; empty: the service sends no text
  unsigned http_status;
};

// The row of `type`. Never fails. Source: recorded answers of the service, see error.cpp.
const ErrorTypeInfo& error_type_info(ErrorType type);

template <class T>
using Result = boost::system::result<T, Error>;

// boost::system::result calls this when value() is asked of an error, which only a bug does.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& location);

// The commonest error: ValidationException with `message`.
inline Error validation_error(std::string message) {
  return {ErrorType::validation, std::move(message)};
}

// ValidationException with the words the service puts in front of most complaints about values and
// about parameters that do not go together.
inline Error invalid_parameter(std::string_view text) {
  return validation_error("One or more parameter values were invalid: " + std::string(text));
}

// The same for requests that ask for what cannot be done.
inline Error invalid_request(std::string_view text) {
  return validation_error("Invalid Request: " + std::string(text));
}

// `error`, a ValidationException, as one of the key or the content of a single item.
inline Error as_item_error(Error error) {
  error.type = ErrorType::invalid_item;
  return error;
}

// What PutItem, DeleteItem and UpdateItem answer when their condition is false.
inline Error conditional_check_failed() {
  return {ErrorType::conditional_check_failed, "The conditional request failed"};
}

}  // namespace pageturner

#define PAGETURNER_CONCAT_INNER(a, b) a##b
#define PAGETURNER_CONCAT(a, b) PAGETURNER_CONCAT_INNER(a, b)

// Leaves the enclosing function with the error of `expression`, a Result<void>.
#define PAGETURNER_RETURN_IF_ERROR(expression)                                  \
  do {                                                                          \
    if (auto PAGETURNER_CONCAT(pageturner_check_, __LINE__) = (expression);     \
        !PAGETURNER_CONCAT(pageturner_check_, __LINE__))                        \
      return std::move(PAGETURNER_CONCAT(pageturner_check_, __LINE__)).error(); \
  } while (false)

// Declares `declaration` with the value of `expression`, a Result<T>, or leaves the enclosing
// function with its error: PAGETURNER_ASSIGN_OR_RETURN(const Number number, Number::parse(text));
#define PAGETURNER_ASSIGN_OR_RETURN(declaration, expression)                   \
  auto PAGETURNER_CONCAT(pageturner_result_, __LINE__) = (expression);         \
  if (!PAGETURNER_CONCAT(pageturner_result_, __LINE__))                        \
    return std::move(PAGETURNER_CONCAT(pageturner_result_, __LINE__)).error(); \
  declaration = std::move(*PAGETURNER_CONCAT(pageturner_result_, __LINE__))
