// AWS Signature Version 4, as the service checks it: in the Authorization header or in the query
// string of a presigned URL. Clock and secrets are the caller's.
//
// Sources: "Create a signed AWS API request" and "Troubleshoot Signature Version 4" in the IAM User
// Guide, and AWS's test suite for the signature; recorded answers of the service for the errors,
// their order and their texts.
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <string_view>

#include "protocol/error.h"

namespace pageturner {

// A request as it was sent: what a signature may cover.
struct SignableRequest {
  std::string_view method;
  std::string_view path;          // with the query string
  std::string_view header_lines;  // "Name: value", each with CR LF behind it
  std::string_view body;
};

// What a request says of its signature.
struct Signature {
  std::string key_id;
  std::string time;                      // "20150830T123600Z"
  std::string scope;                     // "20150830/eu-west-1/dynamodb/aws4_request"
  std::set<std::string> signed_headers;  // names in lower case
  std::string value;                     // hexadecimal
  std::string session_token;             // empty: none
  bool is_presigned = false;             // it stands in the query string
};

// Reads the signature of a request that check_credentials found whole (`authorization` is its
// header, empty for a presigned URL) and checks all that can be told without the secret, in the
// service's order: the form of its date, that `now` is within 15 minutes of it (for a presigned URL
// with X-Amz-Expires: no later than that), that the host is signed, the algorithm, the form and
// then the content of the credential. Any region will do that looks like one. Errors:
// IncompleteSignatureException and InvalidSignatureException.
Result<Signature> read_signature(std::string_view authorization, const SignableRequest& request,
                                 std::chrono::sys_seconds now);

// Whether `signature` is that of `request` under `secret`, in a time that does not depend on where
// it is wrong; and whether it comes with `session_token` or, where that is empty, with none.
// Errors: InvalidSignatureException, which tells what should have been signed, and
// UnrecognizedClientException for the token.
Result<void> check_signature(const Signature& signature, const SignableRequest& request,
                             std::string_view secret, std::string_view session_token);

// The value that `signature` should have for `request` under `secret`, in hexadecimal. Takes time,
// scope and signed headers from `signature`, and the query string without X-Amz-Signature.
std::string sign(const Signature& signature, const SignableRequest& request,
                 std::string_view secret);

}  // namespace pageturner
