// The authentication material of a request: that it is there and whole. Keys and signatures are not
// checked.
#pragma once

#include <string_view>

#include "protocol/error.h"

namespace ddb {

// What the check looks at.
struct Credentials {
  std::string_view authorization;  // header, empty where absent
  std::string_view query;          // of the URL, without the '?'
  bool has_date = false;           // an X-Amz-Date or Date header
};

// Gives the region of the credentials, as region_of does. Errors:
// MissingAuthenticationTokenException, IncompleteSignatureException and InvalidSignatureException
// in the words of the service. Source: recorded answers.
Result<std::string_view> check_credentials(const Credentials& credentials);

// The region of the credential scope ("AKID/20260101/eu-west-1/dynamodb/aws4_request"), or
// "us-east-1" where there is none.
std::string_view region_of(const Credentials& credentials);

}  // namespace ddb
