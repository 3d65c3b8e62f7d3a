#include "tests/api/expected_answer.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

#include "tests/api/case_values.h"

namespace pageturner {
namespace {

namespace json = boost::json;

// How an error of each type stands on the wire.
struct ErrorForm {
  std::string_view name;
  std::string_view prefix;
  std::string_view message_field;
  unsigned status;
};
constexpr std::string_view dynamodb = "com.amazonaws.dynamodb.v20120810#";
constexpr std::string_view coral_service = "com.amazon.coral.service#";
constexpr std::string_view coral_validate = "com.amazon.coral.validate#";
constexpr ErrorForm error_forms[] = {
    {"AccessDeniedException", coral_service, "Message", 400},
    {"BackupNotFoundException", dynamodb, "message", 400},
    {"GlobalTableNotFoundException", dynamodb, "message", 400},
    {"PolicyNotFoundException", dynamodb, "message", 400},
    {"InvalidRestoreTimeException", dynamodb, "message", 400},
    {"ExportConflictException", dynamodb, "message", 400},
    {"ExportNotFoundException", dynamodb, "message", 400},
    {"ImportConflictException", dynamodb, "message", 400},
    {"ImportNotFoundException", dynamodb, "message", 400},
    {"InvalidExportTimeException", dynamodb, "message", 400},
    {"PointInTimeRecoveryUnavailableException", dynamodb, "message", 400},
    {"TableAlreadyExistsException", dynamodb, "message", 400},
    {"TableNotFoundException", dynamodb, "message", 400},
    {"ConditionalCheckFailedException", dynamodb, "message", 400},
    {"DuplicateItemException", dynamodb, "message", 400},
    {"ExpiredIteratorException", dynamodb, "message", 400},
    {"IdempotentParameterMismatchException", dynamodb, "Message", 400},
    {"ResourceInUseException", dynamodb, "message", 400},
    {"ResourceNotFoundException", dynamodb, "message", 400},
    {"LimitExceededException", dynamodb, "message", 400},
    {"SerializationException", coral_service, "Message", 400},
    {"TransactionCanceledException", dynamodb, "Message", 400},
    {"UnknownOperationException", coral_service, "message", 400},
    {"ValidationException", coral_validate, "message", 400},
};

// "Type: message" as the service answers it.
JsonAnswer expand_error(std::string_view text) {
  const std::string_view name = text.substr(0, text.find(": "));
  const auto form = std::find_if(std::begin(error_forms), std::end(error_forms),
                                 [&](const ErrorForm& row) { return row.name == name; });
  if (form == std::end(error_forms))
    throw std::runtime_error("no such error: " + std::string(name));
  json::object body{{"__type", std::string(form->prefix) + std::string(name)}};
  if (name.size() < text.size()) body[form->message_field] = text.substr(name.size() + 2);
  return {form->status, std::move(body)};
}

}  // namespace

JsonAnswer expected_answer(const json::object& test_case) {
  JsonAnswer expected;
  if (const auto* error = test_case.if_contains("error")) {
    expected = expand_error(error->as_string());
    if (const auto* item = test_case.if_contains("error_item")) {
      // The service has the capital where it shows the item.
      json::object& body = expected.body.as_object();
      body["Message"] = body["message"];
      body.erase("message");
      body["Item"] = *item;
    }
    if (const auto* reasons = test_case.if_contains("reasons")) {
      expected.body.as_object()["CancellationReasons"] = *reasons;
    }
  } else if (const auto* response = test_case.if_contains("answer")) {
    expected.body = expand(*response);
  }
  if (const auto* status = test_case.if_contains("status")) {
    expected.status = static_cast<unsigned>(status->as_int64());
  }
  return expected;
}

}  // namespace pageturner
