// The authentication material of a request: checks that it is present and complete. The signature
// itself is checked in signature_v4.h, if access keys are configured.
#pragma once

#include <string_view>

#include "protocol/error.h"

namespace pageturner {

// The parts of a request that are checked. Views into the head of the request.
struct Credentials {
  std::string_view authorization;  // the header; empty if absent
  std::string_view query;          // of the URL, without the '?'
  bool has_date = false;           // whether there is an X-Amz-Date or Date header
};

// The parameters of "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…"; each is empty if
// absent. Views into the header.
struct AuthorizationParameters {
  std::string_view credential;
  std::string_view signed_headers;
  std::string_view signature;
};
AuthorizationParameters parse_authorization(std::string_view authorization);

// Returns the value of `name` in a query string, not decoded, as a view into `query`; empty if
// absent.
std::string_view query_parameter(std::string_view query, std::string_view name);

// Whether `name` has the form of a region's name: letters, digits and hyphens.
bool is_region_name(std::string_view name);

// Checks the authentication material and returns the region, as region_of does. Errors:
// MissingAuthenticationTokenException, IncompleteSignatureException and InvalidSignatureException
// with the texts of the service. Source: recorded answers.
Result<std::string_view> check_credentials(const Credentials& credentials);

// Returns the region of the credential scope ("AKID/20260101/eu-west-1/dynamodb/aws4_request"), or
// "us-east-1" if there is none. The result is a view into `credentials` or a constant.
std::string_view region_of(const Credentials& credentials);

}  // namespace pageturner
