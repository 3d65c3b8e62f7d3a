#include "protocol/signature_v4.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "protocol/authentication.h"
#include "protocol/percent_coding.h"
#include "protocol/signature_v4_hash.h"
#include "protocol/signature_v4_time.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

constexpr std::string_view algorithm_name = "AWS4-HMAC-SHA256";
constexpr std::string_view service_name = "dynamodb";
constexpr std::string_view terminator = "aws4_request";
constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

// How much the clocks of client and server may differ. Source: answers of the service from 2013 to
// 2024, all with "15 min." (other services of AWS: 5 min.).
constexpr std::chrono::seconds skew_max = std::chrono::minutes(15);

// Source: "Authenticating Requests: Using Query Parameters" in the API Reference of S3: a week.
constexpr unsigned expires_seconds_max = 604'800;

// The parts of a request.

std::string_view path_of(const SignableRequest& request) {
  return request.path.substr(0, request.path.find('?'));
}

std::string_view query_of(const SignableRequest& request) {
  const auto mark = request.path.find('?');
  return mark == std::string_view::npos ? std::string_view() : request.path.substr(mark + 1);
}

std::string query_value(const SignableRequest& request, std::string_view name) {
  return percent_decode(query_parameter(query_of(request), name));
}

// Calls `visit(name, value)` for each header, both without surrounding blanks.
template <class Visit>
void for_each_header(std::string_view lines, Visit visit) {
  while (!lines.empty()) {
    std::string_view line = take_part(lines, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view name = take_part(line, ':');
    if (!name.empty()) visit(trim_blanks(name), trim_blanks(line));
  }
}

// Returns the value of the first header `wanted` that is not empty; empty if there is none.
std::string_view header_value(const SignableRequest& request, std::string_view wanted) {
  std::string_view found;
  for_each_header(request.header_lines, [&](std::string_view name, std::string_view value) {
    if (found.empty() && equals_ignoring_case(name, wanted)) found = value;
  });
  return found;
}

// Checks that need no secret, in the service's order.

Error incomplete(std::string message) {
  return {ErrorType::incomplete_signature, std::move(message)};
}

Error invalid(std::string message) { return {ErrorType::invalid_signature, std::move(message)}; }

// Returns how long before now a presigned URL may have been signed. The texts are those of S3, the
// only service that documents any.
Result<std::chrono::seconds> read_expires(std::string_view text) {
  if (text.empty()) return skew_max;
  unsigned seconds = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (stop != text.data() + text.size() || error == std::errc::invalid_argument) {
    return incomplete("X-Amz-Expires should be a number");
  }
  if (error != std::errc{} || seconds > expires_seconds_max) {
    return incomplete(
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires "
        "must be less than 604800 seconds");
  }
  return std::chrono::seconds(seconds);
}

std::string minutes_text(std::chrono::seconds time) {
  const auto count = time.count();
  return count % 60 == 0 ? concat(count / 60, " min.") : concat(count, " sec.");
}

Result<void> check_time(std::chrono::sys_seconds time, std::chrono::sys_seconds now,
                        std::chrono::seconds age_max) {
  const std::string now_text = basic_time(now);
  if (time < now - age_max) {
    return invalid(concat("Signature expired: ", basic_time(time), " is now earlier than ",
                          basic_time(now - age_max), " (", now_text, " - ", minutes_text(age_max),
                          ')'));
  }
  if (time > now + skew_max) {
    return invalid(concat("Signature not yet current: ", basic_time(time), " is still later than ",
                          basic_time(now + skew_max), " (", now_text, " + ", minutes_text(skew_max),
                          ')'));
  }
  return {};
}

// Returns the time at which the request claims to have been signed.
Result<std::chrono::sys_seconds> read_time(const SignableRequest& request, bool is_presigned) {
  std::string text = is_presigned ? query_value(request, "X-Amz-Date")
                                  : std::string(header_value(request, "X-Amz-Date"));
  std::optional<std::chrono::sys_seconds> time;
  if (text.empty()) {
    text = header_value(request, "Date");
    time = parse_http_date(text);
  }
  if (!time) time = parse_basic_time(text);
  if (time) return *time;
  return incomplete(concat("Date must be in ISO-8601 'basic format'. Got '", printable(text),
                           "'. See http://en.wikipedia.org/wiki/ISO_8601"));
}

// Returns key, date, region, service and terminator. The service ignores slashes at the end.
Result<std::array<std::string, 5>> split_credential(std::string_view credential) {
  const std::string_view whole = credential;
  while (credential.ends_with('/')) credential.remove_suffix(1);
  std::array<std::string, 5> parts;
  const std::size_t count =
      1 + static_cast<std::size_t>(std::count(credential.begin(), credential.end(), '/'));
  if (count != parts.size()) {
    return incomplete(
        concat("Credential must have exactly 5 slash-delimited elements, e.g. "
               "keyid/date/region/service/term, got '",
               printable(whole), '\''));
  }
  for (std::string& part : parts) part = take_part(credential, '/');
  return parts;
}

Result<void> check_scope(const std::array<std::string, 5>& credential, std::string_view time) {
  const auto& [key_id, date, region, service, last] = credential;
  std::string wrong;
  if (!is_region_name(region)) {
    wrong +=
        concat("Credential should be scoped to a valid region, not '", printable(region), "'. ");
  }
  if (service != service_name) {
    wrong += "Credential should be scoped to correct service: 'dynamodb'. ";
  }
  if (last != terminator) {
    wrong += concat("Credential should be scoped with a valid terminator: 'aws4_request', not '",
                    printable(last), "'. ");
  }
  const std::string_view today = time.substr(0, 8);
  if (date != today) {
    wrong += concat(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
        "HTTP: '",
        printable(date), "' != '", today, "', from '", time, "'.");
  }
  if (wrong.empty()) return {};
  return invalid(std::move(wrong));
}

std::set<std::string> split_names(std::string_view names) {
  std::set<std::string> lower;
  while (!names.empty()) {
    const std::string_view name = take_part(names, ';');
    if (!name.empty()) lower.insert(to_lower(name));
  }
  return lower;
}

Error not_signed(std::string_view header) {
  return invalid(concat(printable(header), " must be a 'SignedHeader' in the AWS Authorization."));
}

// Checks that the host and all X-Amz-* headers of the request are signed: they select the operation
// and the token. X-Amz-Content-Sha256 needs no signature, because its value is a line of the text
// that is signed; aws-sdk-go of 2015 sent it unsigned. Source: "Create a signed AWS API request" in
// the IAM User Guide, step 1. The text for other headers than Host is that which
// scratchstack-aws-signature has for them.
Result<void> check_signed_headers(const SignableRequest& request,
                                  const std::set<std::string>& names) {
  if (!names.contains("host")) return not_signed("'Host' or ':authority'");
  std::string_view missing;
  for_each_header(request.header_lines, [&](std::string_view name, std::string_view) {
    constexpr std::string_view prefix = "x-amz-";
    if (!missing.empty() || !equals_ignoring_case(name.substr(0, prefix.size()), prefix)) return;
    const std::string lower = to_lower(name);
    if (lower != "x-amz-content-sha256" && !names.contains(lower)) missing = name;
  });
  if (missing.empty()) return {};
  return not_signed(concat('\'', missing, '\''));
}

// The text that is signed.

// Without empty segments and with "." and ".." resolved; then encoded once more than the client did
// for the wire, as for all services but S3.
std::string canonical_path(std::string_view path) {
  const bool ends_in_slash = path.ends_with('/');
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    const std::string_view segment = take_part(path, '/');
    if (segment == "..") {
      if (!segments.empty()) segments.pop_back();
    } else if (!segment.empty() && segment != ".") {
      segments.push_back(segment);
    }
  }
  std::string canonical;
  for (const std::string_view segment : segments) canonical += concat('/', percent_encode(segment));
  if (canonical.empty() || ends_in_slash) canonical += '/';
  return canonical;
}

std::string canonical_query(std::string_view query, bool is_presigned) {
  std::vector<std::pair<std::string, std::string>> parameters;
  while (!query.empty()) {
    std::string_view value = take_part(query, '&');
    const std::string_view name = take_part(value, '=');
    if (is_presigned && name == "X-Amz-Signature") continue;
    if (name.empty() && value.empty()) continue;
    parameters.emplace_back(percent_encode(percent_decode(name)),
                            percent_encode(percent_decode(value)));
  }
  std::sort(parameters.begin(), parameters.end());
  std::string canonical;
  for (const auto& [name, value] : parameters) {
    if (!canonical.empty()) canonical += '&';
    canonical.append(name).append("=").append(value);
  }
  return canonical;
}

// Appends `value` with each run of blanks replaced by one blank.
void append_collapsed(std::string& out, std::string_view value) {
  for (const char c : value) {
    const bool is_blank = c == ' ' || c == '\t';
    if (!is_blank) {
      out += c;
    } else if (!out.ends_with(' ')) {
      out += ' ';
    }
  }
}

// Returns "name:value" for each signed header, and the list of the names. A header that is signed
// but not sent has an empty value; one that is sent several times has all values, separated by
// commas.
std::string canonical_headers(const SignableRequest& request, const std::set<std::string>& names) {
  std::map<std::string_view, std::optional<std::string>> values;
  for (const std::string& name : names) values[name];
  for_each_header(request.header_lines, [&](std::string_view name, std::string_view value) {
    const auto found = values.find(to_lower(name));
    if (found == values.end()) return;
    std::string& joined = found->second ? found->second->append(",") : found->second.emplace();
    append_collapsed(joined, value);
  });
  std::string canonical;
  for (const auto& [name, value] : values) {
    canonical.append(name).append(":").append(value.value_or("")).append("\n");
  }
  return concat(canonical, '\n', join(names, ";"));
}

std::string payload_hash(const SignableRequest& request) {
  const bool is_unsigned =
      header_value(request, "X-Amz-Content-Sha256") == unsigned_payload ||
      query_parameter(query_of(request), "X-Amz-Content-Sha256") == unsigned_payload;
  return is_unsigned ? std::string(unsigned_payload) : sha256(request.body).hex();
}

std::string canonical_request(const Signature& signature, const SignableRequest& request) {
  std::string text(request.method);
  text.append("\n").append(canonical_path(path_of(request)));
  text.append("\n").append(canonical_query(query_of(request), signature.is_presigned));
  text.append("\n").append(canonical_headers(request, signature.signed_headers));
  text.append("\n").append(payload_hash(request));
  return text;
}

std::string string_to_sign(const Signature& signature, std::string_view canonical) {
  return concat(algorithm_name, '\n', signature.time, '\n', signature.scope, '\n',
                sha256(canonical).hex());
}

// Returns the signature of `text` with a key that is derived for the day, region and service of
// `scope`.
std::string sign_text(std::string_view text, std::string_view scope, std::string_view secret) {
  Sha256Digest key = hmac_sha256(concat("AWS4", secret), take_part(scope, '/'));
  while (!scope.empty()) key = hmac_sha256(key.view(), take_part(scope, '/'));
  return hmac_sha256(key.view(), text).hex();
}

}  // namespace

Result<Signature> read_signature(std::string_view authorization, const SignableRequest& request,
                                 std::chrono::sys_seconds now) {
  Signature signature;
  signature.is_presigned = authorization.empty();
  const AuthorizationParameters parameters = parse_authorization(authorization);
  const auto value = [&](std::string_view in_header, std::string_view name) {
    return signature.is_presigned ? query_value(request, name) : std::string(in_header);
  };

  PAGETURNER_ASSIGN_OR_RETURN(const auto time, read_time(request, signature.is_presigned));
  const std::string expires =
      signature.is_presigned ? query_value(request, "X-Amz-Expires") : std::string();
  PAGETURNER_ASSIGN_OR_RETURN(const auto age_max, read_expires(expires));
  PAGETURNER_RETURN_IF_ERROR(check_time(time, now, age_max));
  signature.time = basic_time(time);

  signature.signed_headers = split_names(value(parameters.signed_headers, "X-Amz-SignedHeaders"));
  PAGETURNER_RETURN_IF_ERROR(check_signed_headers(request, signature.signed_headers));
  const std::string algorithm =
      value(authorization.substr(0, authorization.find(' ')), "X-Amz-Algorithm");
  if (algorithm != algorithm_name) {
    return incomplete(concat("Unsupported AWS 'algorithm': '", printable(algorithm),
                             "' (only AWS4-HMAC-SHA256 for now). "));
  }
  PAGETURNER_ASSIGN_OR_RETURN(const auto credential,
                              split_credential(value(parameters.credential, "X-Amz-Credential")));
  PAGETURNER_RETURN_IF_ERROR(check_scope(credential, signature.time));

  const auto& [key_id, date, region, service, last] = credential;
  signature.key_id = key_id;
  signature.scope = concat(date, '/', region, '/', service, '/', last);
  signature.value = value(parameters.signature, "X-Amz-Signature");
  signature.session_token =
      value(header_value(request, "X-Amz-Security-Token"), "X-Amz-Security-Token");
  return signature;
}

std::string sign(const Signature& signature, const SignableRequest& request,
                 std::string_view secret) {
  const std::string text = string_to_sign(signature, canonical_request(signature, request));
  return sign_text(text, signature.scope, secret);
}

Result<void> check_signature(const Signature& signature, const SignableRequest& request,
                             std::string_view secret, std::string_view session_token) {
  const std::string canonical = canonical_request(signature, request);
  const std::string text = string_to_sign(signature, canonical);
  if (!equal_in_constant_time(sign_text(text, signature.scope, secret), signature.value)) {
    return invalid(concat(
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details.\n\nThe Canonical String for this request should have been\n'",
        printable(canonical), "'\n\nThe String-to-Sign should have been\n'", text, "'\n"));
  }
  if (equal_in_constant_time(signature.session_token, session_token)) return {};
  return Error{ErrorType::unrecognized_client,
               "The security token included in the request is invalid"};
}

}  // namespace pageturner
