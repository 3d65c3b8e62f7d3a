#include "protocol/authentication.h"

#include <algorithm>
#include <array>
#include <string>

#include "protocol/text.h"

namespace pageturner {
namespace {

constexpr std::string_view default_region = "us-east-1";

}  // namespace

// In one pass: every request has this header, and it is longer than the bodies of most requests.
AuthorizationParameters parse_authorization(std::string_view authorization) {
  AuthorizationParameters parameters;
  while (!authorization.empty()) {
    std::string_view words = take_part(authorization, ',');
    while (!words.empty()) {
      const std::string_view word = take_part(words, ' ');
      const auto take = [&](std::string_view name, std::string_view& value) {
        if (value.empty() && word.starts_with(name)) value = word.substr(name.size());
      };
      take("Credential=", parameters.credential);
      take("SignedHeaders=", parameters.signed_headers);
      take("Signature=", parameters.signature);
    }
  }
  return parameters;
}

std::string_view query_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view part = take_part(query, '&');
    if (part.starts_with(name) && part.substr(name.size()).starts_with("=")) {
      return part.substr(name.size() + 1);
    }
  }
  return {};
}

bool is_region_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-';
  });
}

namespace {

// The region of a credential scope: key / date / region / service / aws4_request.
std::string_view region_of_scope(std::string_view scope, std::string_view separator) {
  for (int skipped = 0; skipped < 2; ++skipped) {
    const std::size_t at = scope.find(separator);
    if (at == std::string_view::npos) return default_region;
    scope.remove_prefix(at + separator.size());
  }
  const std::string_view region = scope.substr(0, scope.find(separator));
  return is_region_name(region) ? region : default_region;
}

std::string_view region_of_query(std::string_view query) {
  const std::string_view scope = query_parameter(query, "X-Amz-Credential");
  return region_of_scope(scope, scope.find("%2F") != scope.npos ? "%2F" : "/");
}

bool has_query_algorithm(std::string_view query) {
  return query.find("X-Amz-Algorithm") != std::string_view::npos;
}

Result<std::string_view> check_header(const Credentials& credentials) {
  const AuthorizationParameters parameters = parse_authorization(credentials.authorization);
  std::string missing;
  const auto require = [&](std::string_view value, std::string_view name) {
    if (!value.empty()) return;
    missing += concat("Authorization header requires '", name, "' parameter. ");
  };
  require(parameters.credential, "Credential");
  require(parameters.signature, "Signature");
  require(parameters.signed_headers, "SignedHeaders");
  if (!credentials.has_date) {
    missing +=
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (missing.empty()) return region_of_scope(parameters.credential, "/");
  return Error{ErrorType::incomplete_signature,
               concat(missing, "Authorization=", printable(credentials.authorization))};
}

Result<std::string_view> check_query(std::string_view query) {
  std::string missing;
  for (const std::string_view name : {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature",
                                      "X-Amz-SignedHeaders", "X-Amz-Date"}) {
    if (query_parameter(query, name).empty()) {
      missing += concat("AWS query-string parameters must include '", name, "'. ");
    }
  }
  if (missing.empty()) return region_of_query(query);
  return Error{ErrorType::incomplete_signature,
               concat(missing, "Re-examine the query-string parameters.")};
}

}  // namespace

Result<std::string_view> check_credentials(const Credentials& credentials) {
  const bool in_query = has_query_algorithm(credentials.query);
  if (in_query && !credentials.authorization.empty()) {
    return Error{ErrorType::invalid_signature,
                 "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP "
                 "header."};
  }
  if (in_query) return check_query(credentials.query);
  if (!credentials.authorization.starts_with("AWS4-")) {
    return Error{ErrorType::missing_authentication_token,
                 "Request is missing Authentication Token"};
  }
  return check_header(credentials);
}

std::string_view region_of(const Credentials& credentials) {
  const std::string_view scope = parse_authorization(credentials.authorization).credential;
  return scope.empty() ? region_of_query(credentials.query) : region_of_scope(scope, "/");
}

}  // namespace pageturner
