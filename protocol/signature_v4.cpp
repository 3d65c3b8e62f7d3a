#include "protocol/signature_v4.h"

// The functions of one hash, which newer versions would have us leave for EVP_Digest(); see below.
#define OPENSSL_API_COMPAT 0x10100000L

#include <absl/strings/escaping.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "protocol/authentication.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

using Sha256 = std::array<unsigned char, 32>;

constexpr std::string_view algorithm_name = "AWS4-HMAC-SHA256";
constexpr std::string_view service_name = "dynamodb";
constexpr std::string_view terminator = "aws4_request";
constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

// How far the clocks of client and server may be apart. Source: answers of the service from 2013 to
// 2024, all with "15 min." (other services of AWS: 5 min.).
constexpr std::chrono::seconds skew_max = std::chrono::minutes(15);

// Source: "Authenticating Requests: Using Query Parameters" in the API Reference of S3: a week.
constexpr unsigned expires_seconds_max = 604'800;

// Hashes. OpenSSL's EVP_ functions look an algorithm up by its name in every call, which takes
// longer than hashing texts as short as these, and bring all the others into a static binary: 3 MB.

Sha256 sha256(std::initializer_list<std::string_view> parts) {
  SHA256_CTX context;
  SHA256_Init(&context);
  for (const std::string_view part : parts) SHA256_Update(&context, part.data(), part.size());
  Sha256 digest;
  SHA256_Final(digest.data(), &context);
  return digest;
}

std::string_view bytes_of(const Sha256& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

// HMAC-SHA256. Source: RFC 2104.
Sha256 hmac(std::string_view key, std::string_view bytes) {
  constexpr std::size_t block_bytes = SHA256_CBLOCK;
  Sha256 hashed_key;
  if (key.size() > block_bytes) {
    hashed_key = sha256({key});
    key = bytes_of(hashed_key);
  }
  std::string inner(block_bytes, '\x36');
  std::string outer(block_bytes, '\x5C');
  for (std::size_t i = 0; i < key.size(); ++i) {
    inner[i] = static_cast<char>(inner[i] ^ key[i]);
    outer[i] = static_cast<char>(outer[i] ^ key[i]);
  }
  const Sha256 inner_digest = sha256({inner, bytes});
  return sha256({outer, bytes_of(inner_digest)});
}

std::string hex_of(const Sha256& digest) {
  const std::string_view bytes = bytes_of(digest);
  return absl::BytesToHexString({bytes.data(), bytes.size()});
}

// Percent encoding.

// `text` with all but RFC 3986's unreserved characters as %XX.
std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~') {
      encoded += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    encoded += '%';
    encoded += digits[byte >> 4];
    encoded += digits[byte & 15];
  }
  return encoded;
}

// The bytes that a part of a query string stands for. A '%' without two digits stands for itself.
std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(&text[i + 1], &text[i + 1] + 2, byte, 16).ptr == &text[i + 1] + 2) {
      decoded += static_cast<char>(byte);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

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

// Gives each header to `visit`: its name and its value without the blanks around it.
template <class Visit>
void for_each_header(std::string_view lines, Visit visit) {
  while (!lines.empty()) {
    std::string_view line = take_part(lines, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string_view name = take_part(line, ':');
    if (!name.empty()) visit(trim_blanks(name), trim_blanks(line));
  }
}

// The value of the first header of that name that has one; empty where there is none.
std::string_view header_value(const SignableRequest& request, std::string_view wanted) {
  std::string_view found;
  for_each_header(request.header_lines, [&](std::string_view name, std::string_view value) {
    if (found.empty() && equals_ignoring_case(name, wanted)) found = value;
  });
  return found;
}

// Times.

// The number of digits alone that `text` has at `begin`, or -1.
int number_at(std::string_view text, std::size_t begin, std::size_t length) {
  int number = 0;
  for (const char c : text.substr(begin, length)) {
    if (!is_digit(c)) return -1;
    number = 10 * number + (c - '0');
  }
  return number;
}

std::optional<std::chrono::sys_seconds> make_time(int year, int month, int day, int hour,
                                                  int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const bool is_time =
      hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60;
  if (year < 0 || !date.ok() || !is_time) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

// "20150830T123600Z".
std::optional<std::chrono::sys_seconds> parse_basic_time(std::string_view text) {
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return std::nullopt;
  const auto number = [&](std::size_t begin, std::size_t length) {
    return number_at(text, begin, length);
  };
  return make_time(number(0, 4), number(4, 2), number(6, 2), number(9, 2), number(11, 2),
                   number(13, 2));
}

// "Sun, 30 Aug 2015 12:36:00 GMT", or another name of that zone, as a Date header has it.
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::array<std::string_view, 4> zones = {"GMT", "UTC", "+0000", "-0000"};
  if (text.size() < 26 || text.substr(3, 2) != ", ") return std::nullopt;
  text.remove_prefix(5);
  const auto month = std::find(months.begin(), months.end(), text.substr(3, 3));
  const bool has_form = month != months.end() && text[2] == ' ' && text[6] == ' ' &&
                        text[11] == ' ' && text[14] == ':' && text[17] == ':' && text[20] == ' ' &&
                        std::find(zones.begin(), zones.end(), text.substr(21)) != zones.end();
  if (!has_form) return std::nullopt;
  const auto number = [&](std::size_t begin, std::size_t length) {
    return number_at(text, begin, length);
  };
  return make_time(number(7, 4), static_cast<int>(month - months.begin()) + 1, number(0, 2),
                   number(12, 2), number(15, 2), number(18, 2));
}

std::string basic_time(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[32];
  const int size = std::snprintf(
      text, sizeof text, "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return {text, static_cast<std::size_t>(size)};
}

// Checks that can be made without the secret, in the service's order.

Error incomplete(std::string message) {
  return {ErrorType::incomplete_signature, std::move(message)};
}

Error invalid(std::string message) { return {ErrorType::invalid_signature, std::move(message)}; }

// How long before now a presigned URL may have been signed. The texts are those of S3, the only
// service that publishes any.
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
  return count % 60 == 0 ? std::to_string(count / 60) + " min." : std::to_string(count) + " sec.";
}

Result<void> check_time(std::chrono::sys_seconds time, std::chrono::sys_seconds now,
                        std::chrono::seconds age_max) {
  const std::string now_text = basic_time(now);
  if (time < now - age_max) {
    return invalid("Signature expired: " + basic_time(time) + " is now earlier than " +
                   basic_time(now - age_max) + " (" + now_text + " - " + minutes_text(age_max) +
                   ")");
  }
  if (time > now + skew_max) {
    return invalid("Signature not yet current: " + basic_time(time) + " is still later than " +
                   basic_time(now + skew_max) + " (" + now_text + " + " + minutes_text(skew_max) +
                   ")");
  }
  return {};
}

// The time that the request says it was signed at.
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
  return incomplete("Date must be in ISO-8601 'basic format'. Got '" + printable(text) +
                    "'. See http://en.wikipedia.org/wiki/ISO_8601");
}

// Key, date, region, service and terminator. The service does not see slashes at the end.
Result<std::array<std::string, 5>> split_credential(std::string_view credential) {
  const std::string_view whole = credential;
  while (credential.ends_with('/')) credential.remove_suffix(1);
  std::array<std::string, 5> parts;
  const std::size_t count =
      1 + static_cast<std::size_t>(std::count(credential.begin(), credential.end(), '/'));
  if (count != parts.size()) {
    return incomplete(
        "Credential must have exactly 5 slash-delimited elements, e.g. "
        "keyid/date/region/service/term, got '" +
        printable(whole) + "'");
  }
  for (std::string& part : parts) part = take_part(credential, '/');
  return parts;
}

Result<void> check_scope(const std::array<std::string, 5>& credential, std::string_view time) {
  const auto& [key_id, date, region, service, last] = credential;
  std::string wrong;
  if (!is_region_name(region)) {
    wrong += "Credential should be scoped to a valid region, not '" + printable(region) + "'. ";
  }
  if (service != service_name) {
    wrong += "Credential should be scoped to correct service: 'dynamodb'. ";
  }
  if (last != terminator) {
    wrong += "Credential should be scoped with a valid terminator: 'aws4_request', not '" +
             printable(last) + "'. ";
  }
  const std::string_view today = time.substr(0, 8);
  if (date != today) {
    wrong +=
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from "
        "HTTP: '" +
        printable(date) + "' != '" + std::string(today) + "', from '" + std::string(time) + "'.";
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

// What is signed.

// Without "." and "..", which go up, and without empty segments; then encoded once more than the
// client has done for the wire, as all services but S3 have it.
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
  for (const std::string_view segment : segments) canonical += '/' + percent_encode(segment);
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

// With one blank for each row of blanks.
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

// "name:value" for each signed header, and the list of the names. A header that is signed but not
// sent has an empty value, one that is sent several times has all of them.
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
  std::string list;
  for (const auto& [name, value] : values) {
    canonical.append(name).append(":").append(value.value_or("")).append("\n");
    if (!list.empty()) list += ';';
    list += name;
  }
  return canonical + '\n' + list;
}

std::string payload_hash(const SignableRequest& request) {
  const bool is_unsigned =
      header_value(request, "X-Amz-Content-Sha256") == unsigned_payload ||
      query_parameter(query_of(request), "X-Amz-Content-Sha256") == unsigned_payload;
  return is_unsigned ? std::string(unsigned_payload) : hex_of(sha256({request.body}));
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
  return std::string(algorithm_name) + '\n' + signature.time + '\n' + signature.scope + '\n' +
         hex_of(sha256({canonical}));
}

// The signature of `text` by a key that is derived for this day, region and service alone.
std::string sign_text(std::string_view text, std::string_view scope, std::string_view secret) {
  Sha256 key = hmac("AWS4" + std::string(secret), take_part(scope, '/'));
  while (!scope.empty()) key = hmac(bytes_of(key), take_part(scope, '/'));
  return hex_of(hmac(bytes_of(key), text));
}

bool is_equal(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
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
  if (!signature.signed_headers.contains("host")) {
    return invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const std::string algorithm =
      value(authorization.substr(0, authorization.find(' ')), "X-Amz-Algorithm");
  if (algorithm != algorithm_name) {
    return incomplete("Unsupported AWS 'algorithm': '" + printable(algorithm) +
                      "' (only AWS4-HMAC-SHA256 for now). ");
  }
  PAGETURNER_ASSIGN_OR_RETURN(const auto credential,
                              split_credential(value(parameters.credential, "X-Amz-Credential")));
  PAGETURNER_RETURN_IF_ERROR(check_scope(credential, signature.time));

  const auto& [key_id, date, region, service, last] = credential;
  signature.key_id = key_id;
  signature.scope = date + '/' + region + '/' + service + '/' + last;
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
  if (!is_equal(sign_text(text, signature.scope, secret), signature.value)) {
    return invalid(
        "The request signature we calculated does not match the signature you provided. Check "
        "your AWS Secret Access Key and signing method. Consult the service documentation for "
        "details.\n\nThe Canonical String for this request should have been\n'" +
        printable(canonical) + "'\n\nThe String-to-Sign should have been\n'" + text + "'\n");
  }
  if (is_equal(signature.session_token, session_token)) return {};
  return Error{ErrorType::unrecognized_client,
               "The security token included in the request is invalid"};
}

}  // namespace pageturner
