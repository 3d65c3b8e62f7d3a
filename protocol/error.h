// Errors as values: every failure that a client can cause is returned as an Error inside a Result.
// An exception is a bug; Service catches it and responds with InternalServerError.
#pragma once

#include <boost/system/result.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace pageturner {

// The types of errors. Each has one row in error.cpp with the `__type` of its response.
// `invalid_item` and `validation` are both ValidationException; within a transaction,
// `invalid_item` is the reason of one action for which the transaction is canceled, `validation`
// fails the whole request. `table_changed` is never in a response: Service runs the operation
// again.
enum class ErrorType : std::uint8_t {
  access_denied,
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

// Identifies an error more closely than its type does, for code that handles it in a special way.
// Set where the error is made. Code must not compare messages.
enum class ErrorDetail : std::uint8_t {
  none,
  attribute_name,        // the name of an attribute in an item is empty or too long
  conditional_operator,  // ConditionalOperator without two conditions
  empty_binary_set,
  empty_string_set,
  item_too_large,
  nested_too_deep,             // a value or an item has too many levels of lists and maps
  not_one_data_type,           // an AttributeValue with no data type or with several
  null_not_true,               // {"NULL": false}
  update_operand_type,         // an operand of an update has a type that the action does not accept
  values_without_expressions,  // ExpressionAttributeValues without the expressions that use them
};

// What a ValidationException is about. Some validators give the message a prefix (see validator.h).
enum class ErrorScope : std::uint8_t {
  data,        // the table, the item or the JSON of a value: never a prefix
  request,     // the parameters alone: a prefix where the validator is current_prefixed
  constraint,  // a combination of parameters: a prefix where the validator is not legacy
};

// What few errors have beside the message.
struct ErrorTexts {
  // Wire JSON of the item that failed the condition, if the request asked for it with
  // ReturnValuesOnConditionCheckFailure. Empty otherwise.
  std::string item_json;
  // Wire JSON of CancellationReasons, one for each action of a canceled transaction. Empty
  // otherwise.
  std::string cancellation_reasons_json;
  // The message as the current validators word it. Empty if that is the same.
  std::string current_message;
};

struct Error {
  ErrorType type = ErrorType::validation;
  std::string message;  // as the legacy validator words it
  ErrorDetail detail = ErrorDetail::none;
  ErrorScope scope = ErrorScope::data;
  // nullptr if all are empty: every Result has the size of an Error, so an Error is small. Copies
  // of an Error share them.
  std::shared_ptr<const ErrorTexts> other_texts = nullptr;

  // Returns the other texts, all empty if there are none.
  const ErrorTexts& texts() const;
  // Returns the other texts of this copy, to be set at once.
  ErrorTexts& mutable_texts();
};

// How an error type appears in a response.
struct ErrorTypeInfo {
  std::string_view name;           // "ValidationException"
  std::string_view type_prefix;    // "com.amazon.coral.validate#"
  std::string_view message_field;  // "message" or "Message"; empty: the response has no message
  unsigned http_status;
};

// Returns the row of `type`. Never fails. Source: recorded answers of the service, see error.cpp.
const ErrorTypeInfo& error_type_info(ErrorType type);

// A value of type T (or nothing, for void) or an Error. Converts implicitly from both. Compilers
// warn about a Result that is dropped.
template <class T>
class [[nodiscard]] Result : public boost::system::result<T, Error> {
  using Base = boost::system::result<T, Error>;

 public:
  using Base::Base;
  // Not implicit: for `return {};` compilers would first set the whole object to zero.
  Result() noexcept(
      std::is_nothrow_default_constructible_v<Base>) requires std::is_default_constructible_v<Base>
      : Base() {}
};

// boost::system::result calls this if value() is called on an error, which is a bug.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& location);

// Returns a ValidationException with `message`.
inline Error validation_error(std::string message, ErrorDetail detail = ErrorDetail::none) {
  return {.message = std::move(message), .detail = detail};
}

// Returns a ValidationException with the messages of the legacy and of the current validators.
Error validation_error(std::string message, std::string current_message);

// Returns a ValidationException for `text`, with the prefix that the service uses for most errors
// in values and in combinations of parameters.
Error invalid_parameter(std::string_view text, ErrorDetail detail = ErrorDetail::none);

// Returns a ValidationException for `text`, with the prefix "Invalid Request: ".
Error invalid_request(std::string_view text);

// Returns `error`, a ValidationException, as an error in the key or the content of a single item.
inline Error as_item_error(Error error) {
  error.type = ErrorType::invalid_item;
  return error;
}

// Returns the error of PutItem, DeleteItem and UpdateItem for a condition that is false.
inline Error conditional_check_failed() {
  return {ErrorType::conditional_check_failed, "The conditional request failed"};
}

}  // namespace pageturner

#define PAGETURNER_CONCAT_INNER(a, b) a##b
#define PAGETURNER_CONCAT(a, b) PAGETURNER_CONCAT_INNER(a, b)

// Returns from the enclosing function with the error of `expression`, a Result<void>, if it failed.
#define PAGETURNER_RETURN_IF_ERROR(expression)                                  \
  do {                                                                          \
    if (auto PAGETURNER_CONCAT(pageturner_check_, __LINE__) = (expression);     \
        !PAGETURNER_CONCAT(pageturner_check_, __LINE__))                        \
      return std::move(PAGETURNER_CONCAT(pageturner_check_, __LINE__)).error(); \
  } while (false)

// Declares `declaration` with the value of `expression`, a Result<T>, or returns from the enclosing
// function with its error: PAGETURNER_ASSIGN_OR_RETURN(const Number number, Number::parse(text));
#define PAGETURNER_ASSIGN_OR_RETURN(declaration, expression)                   \
  auto PAGETURNER_CONCAT(pageturner_result_, __LINE__) = (expression);         \
  if (!PAGETURNER_CONCAT(pageturner_result_, __LINE__))                        \
    return std::move(PAGETURNER_CONCAT(pageturner_result_, __LINE__)).error(); \
  declaration = std::move(*PAGETURNER_CONCAT(pageturner_result_, __LINE__))
