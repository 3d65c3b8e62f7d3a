// The authentication material of a request: that it is there and whole. What it says is checked in
// signature_v4.h, where anybody asks for it.
#pragma once

#include <string_view>

#include "protocol/error.h"

namespace pageturner {

// What the check looks at.
struct Credentials {
  std::string_view authorization;  // header, empty where absent
  std::string_view query;          // of the URL, without the '?'
  bool has_date = false;           // an X-Amz-Date or Date header
};

// The parameters of "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…"; empty where
// absent.
struct AuthorizationParameters {
  std::string_view credential;
  std::string_view signed_headers;
  std::string_view signature;
};
AuthorizationParameters parse_authorization(std::string_view authorization);

// The value of `name` in a query string, as it stands there; empty where absent.
std::string_view query_parameter(std::string_view query, std::string_view name);

// Whether `name` looks like that of a region: letters, digits and hyphens.
bool is_region_name(std::string_view name);

// Gives the region of the credentials, as region_of does. Errors:
// MissingAuthenticationTokenException, IncompleteSignatureException and InvalidSignatureException
// in the words of the service. Source: recorded answers.
Result<std::string_view> check_credentials(const Credentials& credentials);

// The region of the credential scope ("AKID/20260101/eu-west-1/dynamodb/aws4_request"), or
// "us-east-1" where there is none.
std::string_view region_of(const Credentials& credentials);

}  // namespace pageturner
