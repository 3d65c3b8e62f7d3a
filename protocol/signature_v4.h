// AWS Signature Version 4, as the service checks it: in the Authorization header or in the query
// string of a presigned URL. The caller provides clock and secrets.
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

// The parts of a request that a signature may cover, as sent. Views into the request, which must
// outlive them.
struct SignableRequest {
  std::string_view method;
  std::string_view path;          // with the query string
  std::string_view header_lines;  // lines "Name: value", each followed by CR LF
  std::string_view body;
};

// The signature of a request and the parameters that it was made with.
struct Signature {
  std::string key_id;
  std::string time;                      // "20150830T123600Z"
  std::string scope;                     // "20150830/eu-west-1/dynamodb/aws4_request"
  std::set<std::string> signed_headers;  // names in lower case
  std::string value;                     // hexadecimal
  std::string session_token;             // empty if there is none
  bool is_presigned = false;             // in the query string, not in a header
};

// Parses the signature of a request and checks all that can be checked without the secret, in the
// service's order: the form of its date, that `now` is within 15 minutes of it (for a presigned URL
// with X-Amz-Expires: at most so much later), that the host and all X-Amz-* headers are
// signed, the algorithm, the form and then the content of the credential. Any name with the form of
// a region's is accepted. `authorization` is the header, empty for a presigned URL. Requires (not
// checked): check_credentials accepted the request. Errors: IncompleteSignatureException and
// InvalidSignatureException.
Result<Signature> read_signature(std::string_view authorization, const SignableRequest& request,
                                 std::chrono::sys_seconds now);

// Checks that `signature` is the signature of `request` under `secret`, in a time that does not
// depend on where it differs, and that it carries `session_token`, or no token if that is empty.
// Errors: InvalidSignatureException, whose text shows what should have been signed, and
// UnrecognizedClientException for the token.
Result<void> check_signature(const Signature& signature, const SignableRequest& request,
                             std::string_view secret, std::string_view session_token);

// Returns the value, in hexadecimal, that `signature` must have for `request` under `secret`. Uses
// time, scope and signed headers of `signature`, and the query string without X-Amz-Signature.
std::string sign(const Signature& signature, const SignableRequest& request,
                 std::string_view secret);

}  // namespace pageturner
