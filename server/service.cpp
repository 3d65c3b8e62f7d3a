#include "server/service.h"

#include <exception>
#include <iostream>

#include "protocol/authentication.h"
#include "protocol/error_json.h"
#include "protocol/text.h"
#include "server/operations/operation.h"

namespace ddb {
namespace {

constexpr std::string_view json_1_0 = "application/x-amz-json-1.0";
constexpr std::string_view json = "application/json";
constexpr std::string_view target_prefix = "DynamoDB_20120810.";
constexpr std::string_view streams_target_prefix = "DynamoDBStreams_20120810.";
constexpr std::string_view default_region = "us-east-1";

// The media type of a Content-Type header: without parameters and blanks.
std::string_view media_type(std::string_view content_type) {
  return trim_blanks(content_type.substr(0, content_type.find(';')));
}

std::string_view query_string(std::string_view path) {
  const auto mark = path.find('?');
  return mark == std::string_view::npos ? std::string_view() : path.substr(mark + 1);
}

Credentials credentials_of(const RequestHead& head) {
  return {head.authorization, query_string(head.path),
          !head.amz_date.empty() || !head.date.empty()};
}

void append_header(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// Browsers may read the answer whatever page asked. Source: recorded answers.
void allow_origin(Reply& reply, const RequestHead& head) {
  if (head.origin.empty()) return;
  append_header(reply.extra_headers, "Access-Control-Allow-Origin", "*");
  append_header(reply.extra_headers, "Access-Control-Expose-Headers",
                "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date");
}

Reply answer_preflight(const RequestHead& head) {
  Reply reply{.status = 200, .with_checksum = false};
  allow_origin(reply, head);
  if (!head.access_control_request_headers.empty()) {
    append_header(reply.extra_headers, "Access-Control-Allow-Headers",
                  head.access_control_request_headers);
  }
  if (!head.access_control_request_method.empty()) {
    append_header(reply.extra_headers, "Access-Control-Allow-Methods",
                  head.access_control_request_method);
  }
  append_header(reply.extra_headers, "Access-Control-Max-Age", "172800");
  return reply;
}

// What the service answers to anything that is not its protocol.
Reply answer_not_found(std::string& out) {
  out += "<UnknownOperationException/>\n";
  return {.status = 404, .content_type = "text/xml"};
}

Reply answer_health(const RequestHead& head, std::string& out) {
  out += "healthy: dynamodb.";
  out += region_of(credentials_of(head));
  out += ".amazonaws.com ";
  return {.status = 200, .content_type = "text/plain"};
}

// Appends the answer to a failure in place of whatever stands behind `begin`.
unsigned answer_error(const Error& error, std::size_t begin, std::string& out) {
  out.resize(begin);
  append_error(out, error);
  return error_type_row(error.type).http_status;
}

// Runs `step`, which appends an answer or fails; gives the HTTP status.
template <class Step>
unsigned answer(Step step, std::string& out) {
  const std::size_t begin = out.size();
  try {
    const Result<void> result = step();
    return result ? 200 : answer_error(result.error(), begin, out);
  } catch (const std::exception& bug) {
    // A bug of ours, whatever the client sent.
    std::cerr << "pageturner: internal error: " << bug.what() << std::endl;
    return answer_error({ErrorType::internal_server_error, "Internal server error"}, begin, out);
  }
}

// The operation that a target names, or nullptr.
const OperationRow* find_target(std::string_view target) {
  if (target.starts_with(target_prefix)) {
    return find_operation(target.substr(target_prefix.size()));
  }
  if (!target.starts_with(streams_target_prefix)) return nullptr;
  return find_streams_operation(target.substr(streams_target_prefix.size()));
}

}  // namespace

Reply Service::handle(const RequestHead& head, std::string_view body, std::string& out) {
  if (head.method == "GET" || head.method == "HEAD") {
    Reply reply = answer_health(head, out);
    allow_origin(reply, head);
    return reply;
  }
  if (head.method == "OPTIONS" && !head.origin.empty()) return answer_preflight(head);
  const std::string_view type = media_type(head.content_type);
  const bool known_type = equals_ignoring_case(type, json_1_0) || equals_ignoring_case(type, json);
  if (head.method != "POST" || (!known_type && !body.empty())) {
    Reply reply = answer_not_found(out);
    allow_origin(reply, head);
    return reply;
  }
  Reply reply{.content_type = equals_ignoring_case(type, json_1_0) ? json_1_0 : json};
  reply.status = answer(
      [&]() -> Result<void> {
        const OperationRow* operation = find_target(head.target);
        if (operation == nullptr) return Error{ErrorType::unknown_operation, ""};
        DDB_ASSIGN(const JsonDocument document, JsonDocument::parse(body));
        DDB_ASSIGN(const std::string_view region, check_credentials(credentials_of(head)));
        DDB_CHECK(access_control_.check(head, body));
        return run(*operation, document.root(), region, head.host, out);
      },
      out);
  allow_origin(reply, head);
  return reply;
}

unsigned Service::call(std::string_view operation_name, std::string_view body, std::string& out) {
  return answer(
      [&]() -> Result<void> {
        const bool is_target = operation_name.find('.') != std::string_view::npos;
        const OperationRow* operation =
            is_target ? find_target(operation_name) : find_operation(operation_name);
        if (operation == nullptr) return Error{ErrorType::unknown_operation, ""};
        DDB_ASSIGN(const JsonDocument document, JsonDocument::parse(body));
        return run(*operation, document.root(), default_region, "", out);
      },
      out);
}

Result<void> Service::run(const OperationRow& operation, JsonValue body, std::string_view region,
                          std::string_view host, std::string& out) {
  DDB_CHECK(check_types(body, *operation.input));
  DDB_CHECK(check_constraints(body, *operation.input));
  const std::size_t begin = out.size();
  while (true) {
    Result<void> result = operation.run(database_, {body, region, host}, out);
    // The operation found a table that was changed before it could read or write it.
    if (result || result.error().type != ErrorType::table_changed) return result;
    out.resize(begin);
  }
}

}  // namespace ddb
