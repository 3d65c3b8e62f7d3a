#include "server/service.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include "protocol/authentication.h"
#include "protocol/error_json.h"
#include "protocol/limits.h"
#include "protocol/text.h"
#include "server/compression.h"
#include "server/error_log.h"
#include "server/http/http_limits.h"
#include "server/operations/operation.h"
#include "server/request_log.h"

namespace pageturner {
namespace {

constexpr std::string_view json_1_0 = "application/x-amz-json-1.0";
constexpr std::string_view json = "application/json";
constexpr std::string_view target_prefix = "DynamoDB_20120810.";
constexpr std::string_view streams_target_prefix = "DynamoDBStreams_20120810.";
constexpr std::string_view default_region = "us-east-1";

// Returns the media type of DynamoDB's protocol that a Content-Type header names, with or without
// parameters; empty for other types.
std::string_view protocol_type(std::string_view content_type) {
  for (const std::string_view type : {json_1_0, json}) {
    if (content_type == type) return type;
  }
  const std::string_view plain = trim_blanks(content_type.substr(0, content_type.find(';')));
  for (const std::string_view type : {json_1_0, json}) {
    if (equals_ignoring_case(plain, type)) return type;
  }
  return {};
}

std::string_view without_query(std::string_view path) { return path.substr(0, path.find('?')); }

// Whether this is a request of DynamoDB's protocol: an operation or the health check. The service
// responds with 404 to all others, except preflights.
bool is_dynamodb_request(const RequestHead& head, std::string_view body) {
  if (is_get_or_head(head.method)) return without_query(head.path) == "/";
  return head.method == "POST" && (body.empty() || !protocol_type(head.content_type).empty());
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

ResponseHead respond_to_preflight(const RequestHead& head) {
  ResponseHead response_head{.status = 200, .with_checksum = false};
  if (!head.access_control_request_headers.empty()) {
    append_header(response_head.extra_headers, "Access-Control-Allow-Headers",
                  head.access_control_request_headers);
  }
  if (!head.access_control_request_method.empty()) {
    append_header(response_head.extra_headers, "Access-Control-Allow-Methods",
                  head.access_control_request_method);
  }
  append_header(response_head.extra_headers, "Access-Control-Max-Age", "172800");
  return response_head;
}

// The service's response to anything that is not its protocol.
ResponseHead respond_not_found(std::string& out) {
  out += "<UnknownOperationException/>\n";
  return {.status = 404, .content_type = "text/xml"};
}

ResponseHead respond_health(const RequestHead& head, std::string& out) {
  out += "healthy: dynamodb.";
  out += region_of(credentials_of(head));
  out += ".amazonaws.com ";
  return {.status = 200, .content_type = "text/plain"};
}

// Replaces the contents of `out` from `begin` on with the response for `error`; returns its type.
ErrorType respond_with_error(const Error& error, std::size_t begin, std::string& out) {
  out.resize(begin);
  append_error(out, error);
  return error.type;
}

// The response to an exception. Made once, because memory may be what ran out.
const std::string& internal_error_text() {
  static const std::string text = [] {
    std::string made;
    append_error(made, {ErrorType::internal_server_error, "Internal server error"});
    return made;
  }();
  return text;
}

// Responds to the exception being handled, which is a bug or a lack of memory, not the client's
// fault. Allocates nothing if `out` has capacity for it. Requires: called in a catch block.
ErrorType respond_with_bug(std::size_t begin, std::string& out) {
  log_exception("internal error");
  out.resize(begin);
  out += internal_error_text();
  return ErrorType::internal_server_error;
}

// Runs `step`, which appends a response or fails; returns the type of the error, if any.
template <class Step>
std::optional<ErrorType> run_step(Step step, std::string& out) {
  const std::size_t begin = out.size();
  try {
    const Result<void> result = step();
    if (result) return std::nullopt;
    return respond_with_error(result.error(), begin, out);
  } catch (...) {
    return respond_with_bug(begin, out);
  }
}

// Decompresses `body` if the client compressed it; `text` then owns it. gzip and deflate are what
// the service accepts. Source: reports in scylladb/scylladb pull requests 27049, 27917 and 28820.
// "amz-1.0" is sent for plain text by hand-written clients of AWS's JSON protocols, and has no
// meaning, like "identity".
InflateStatus decode_body(std::string_view coding, std::string_view& body, std::string& text) {
  const bool is_plain = coding.empty() || equals_ignoring_case(coding, "identity") ||
                        equals_ignoring_case(coding, "amz-1.0");
  if (is_plain) return InflateStatus::ok;
  InflateStatus ended = InflateStatus::corrupt;
  if (equals_ignoring_case(coding, "gzip")) {
    ended = gunzip(body, http_limits::body_bytes_max, text);
  } else if (equals_ignoring_case(coding, "deflate")) {
    ended = inflate_zlib(body, http_limits::body_bytes_max, text);
  }
  body = text;
  return ended;
}

unsigned status_of(std::optional<ErrorType> error) {
  return error ? error_type_info(*error).http_status : 200;
}

// Returns the operation that a target names, or nullptr.
const OperationSpec* find_target(std::string_view target) {
  if (target.starts_with(target_prefix)) {
    return find_operation(target.substr(target_prefix.size()));
  }
  if (!target.starts_with(streams_target_prefix)) return nullptr;
  return find_streams_operation(target.substr(streams_target_prefix.size()));
}

// Returns the validator whose words a request with `body` gets.
Validator validator_of(const OperationSpec& operation, JsonValue body) {
  const bool is_too_deep = operation.validator == Validator::current_prefixed &&
                           body.depth() > limits::current_validator_json_depth_max;
  return is_too_deep ? Validator::legacy : operation.validator;
}

}  // namespace

Service::Service(Database& database, ServiceOptions options)
    : database_(database),
      options_(std::move(options)),
      browser_access_(options_.browsers),
      access_control_(options_.access_keys),
      transfers_(options_.s3_root) {
  internal_error_text();  // while there is memory
}

bool Service::may_use_large_items(std::string_view body) const {
  if (!database_.has_large_items()) return false;
  if (body.find("\\u") != body.npos) return true;  // a name may be hidden by escaped letters
  const auto is_large = [&](std::string_view name) {
    return name.find('\\') != name.npos || database_.has_large_items(name);
  };
  constexpr std::string_view blanks = " \t\r\n";
  constexpr std::string_view member = "\"TableName\"";
  for (auto at = body.find(member); at != body.npos; at = body.find(member, at)) {
    at += member.size();
    const auto colon = body.find_first_not_of(blanks, at);
    if (colon == body.npos || body[colon] != ':') continue;
    const auto begin = body.find_first_not_of(blanks, colon + 1);
    if (begin == body.npos || body[begin] != '"') continue;  // an attribute of this name
    if (is_large(body.substr(begin + 1, body.find('"', begin + 1) - begin - 1))) return true;
  }
  // In BatchWriteItem the names of tables are those of members whose values are arrays.
  for (auto at = body.find('['); at != body.npos; at = body.find('[', at + 1)) {
    std::string_view before = body.substr(0, at);
    const auto take_last = [&](char wanted) {
      before = before.substr(0, before.find_last_not_of(blanks) + 1);
      const bool is_there = before.ends_with(wanted);
      if (is_there) before.remove_suffix(1);
      return is_there;
    };
    if (!take_last(':') || !take_last('"')) continue;
    if (is_large(before.substr(before.rfind('"') + 1))) return true;
  }
  return false;
}

Effort Service::effort(const RequestHead& head, std::string_view body) const {
  const bool is_small_body =
      body.size() <= http_limits::small_body_bytes_max && head.content_encoding.empty();
  const OperationSpec* operation = find_target(head.target);
  const Cost cost = operation != nullptr ? operation->cost : Cost::small;
  const auto small_if = [](bool is_small) { return is_small ? Effort::small : Effort::large; };
  switch (cost) {
    case Cost::small:
      return small_if(is_small_body);
    case Cost::item:
      return small_if(is_small_body && !may_use_large_items(body));
    case Cost::page:
      // FilterExpression, QueryFilter, ScanFilter, also with escaped letters. A name or a value
      // with such a text does no harm.
      return small_if(is_small_body && body.find("Filter") == body.npos &&
                      body.find("\\u") == body.npos && !may_use_large_items(body));
    case Cost::large:
      return Effort::large;
    case Cost::lengthy:
      return Effort::lengthy;
  }
  return Effort::large;
}

ResponseHead Service::handle(const RequestHead& head, std::string_view body, std::string& out) {
  const auto begin = std::chrono::steady_clock::now();
  const std::size_t body_begin = out.size();
  RequestRecord record;
  ResponseHead response_head;
  try {
    const bool is_dynamodb = is_dynamodb_request(head, body);
    if (const auto allowed = browser_access_.check(head, is_dynamodb)) {
      response_head = is_dynamodb ? respond(head, body, record, out) : respond_other(head, out);
      if (!head.origin.empty()) {
        browser_access_.append_headers(response_head.extra_headers, head.origin);
      }
    } else {
      record.error = respond_with_error(allowed.error(), body_begin, out);
      response_head = {.status = 403, .content_type = json_1_0};
    }
  } catch (...) {
    record.error = respond_with_bug(body_begin, out);
    response_head = {.status = status_of(record.error), .content_type = json_1_0};
  }
  record.status = response_head.status;
  record.body_bytes = out.size() - body_begin;
  record.duration = std::chrono::steady_clock::now() - begin;
  record_request(head, record);
  return response_head;
}

void Service::refused(unsigned status) { record_request({}, {.status = status}); }

void Service::record_request(const RequestHead& head, const RequestRecord& record) {
  metrics_.count(record);
  if (options_.log == nullptr) return;
  try {
    options_.log->write(head, record);
  } catch (...) {  // a failed log line must not cost the response
    log_exception("a request was not logged");
  }
}

ResponseHead Service::respond_other(const RequestHead& head, std::string& out) {
  if (head.method == "OPTIONS" && !head.origin.empty()) return respond_to_preflight(head);
  if (!is_get_or_head(head.method) || without_query(head.path) != "/metrics")
    return respond_not_found(out);
  metrics_.append(out, database_);
  return {.content_type = metrics_content_type, .with_checksum = false};
}

ResponseHead Service::respond(const RequestHead& head, std::string_view body, RequestRecord& record,
                              std::string& out) {
  if (head.method != "POST") return respond_health(head, out);
  InflateStatus inflation = InflateStatus::ok;
  record.error = run_step(
      [&]() -> Result<void> {
        const OperationSpec* operation = record.operation = find_target(head.target);
        std::optional<std::string_view> region;
        // With access keys, clients without one learn nothing from other errors, and cost no more
        // than the hash of the body.
        if (access_control_.has_keys()) {
          PAGETURNER_ASSIGN_OR_RETURN(region, check_credentials(credentials_of(head)));
          PAGETURNER_RETURN_IF_ERROR(access_control_.check(head, body));
        }
        std::string_view text = body;
        std::string decoded;
        inflation = decode_body(head.content_encoding, text, decoded);
        if (inflation == InflateStatus::too_large) return {};
        if (inflation == InflateStatus::corrupt) return Error{ErrorType::serialization, ""};
        auto document = JsonDocument::parse(text);
        if (!document && !text.empty()) return document.error();
        if (operation == nullptr) return Error{ErrorType::unknown_operation, ""};
        if (!region) {
          PAGETURNER_ASSIGN_OR_RETURN(region, check_credentials(credentials_of(head)));
        }
        if (!document) return document.error();
        if (options_.log != nullptr) record.tables = table_names(*operation, document->root());
        return run(*operation, document->root(), *region, head.host, out);
      },
      out);
  // The response of the HTTP layer to an uncompressed body of that size.
  if (inflation == InflateStatus::too_large) return {.status = 413, .with_checksum = false};
  return {.status = status_of(record.error),
          .content_type = protocol_type(head.content_type) == json_1_0 ? json_1_0 : json};
}

unsigned Service::call(std::string_view operation_name, std::string_view body, std::string& out) {
  return status_of(run_step(
      [&]() -> Result<void> {
        const bool is_target = operation_name.find('.') != std::string_view::npos;
        const OperationSpec* operation =
            is_target ? find_target(operation_name) : find_operation(operation_name);
        if (operation == nullptr) return Error{ErrorType::unknown_operation, ""};
        PAGETURNER_ASSIGN_OR_RETURN(const JsonDocument document, JsonDocument::parse(body));
        return run(*operation, document.root(), default_region, "", out);
      },
      out));
}

Result<void> Service::run(const OperationSpec& operation, JsonValue body, std::string_view region,
                          std::string_view host, std::string& out) {
  PAGETURNER_RETURN_IF_ERROR(check_types(body, *operation.input));
  // The validator is determined only for errors: it takes the depth of the whole body.
  if (!meets_constraints(body, *operation.input)) {
    return check_constraints(body, *operation.input, validator_of(operation, body));
  }
  const std::size_t begin = out.size();
  while (true) {
    Result<void> result = operation.run(database_, {body, region, host, transfers_}, out);
    // The table was changed after the operation looked it up and before it could read or write it.
    if (result) return result;
    if (result.error().type != ErrorType::table_changed) {
      return worded(std::move(result).error(), validator_of(operation, body));
    }
    out.resize(begin);
  }
}

}  // namespace pageturner
