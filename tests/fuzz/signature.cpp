// Why: unauthenticated clients can send any signature. The input has four parts separated by NUL:
// Authorization, path, header lines, body. For any input the signed request must have one
// signature, and another secret or another body must give a different one.
#include "protocol/signature_v4.h"
#include "tests/fuzz/fuzz.h"

namespace pageturner {
namespace {

constexpr std::chrono::sys_seconds now = std::chrono::sys_days(std::chrono::year(2015) / 8 / 30) +
                                         std::chrono::hours(12) + std::chrono::minutes(36);

}  // namespace

void fuzz_one(std::string_view input) {
  const auto parts = split(input, '\0');
  if (parts.size() < 4) return;
  const SignableRequest request{"POST", parts[1], parts[2], parts[3]};
  auto signature = read_signature(parts[0], request, now);
  if (!signature) return require_message(signature.error());
  require(signature->signed_headers.contains("host"), "the host is signed");

  const auto refused = check_signature(*signature, request, "secret", signature->session_token);
  if (!refused) require_message(refused.error());
  signature->value = sign(*signature, request, "secret");
  require(check_signature(*signature, request, "secret", signature->session_token).has_value(),
          "a correct signature is accepted");
  require(!check_signature(*signature, request, "Secret", signature->session_token),
          "the signature of another secret is rejected");
  require(!check_signature(*signature, request, "secret", signature->session_token + "x"),
          "another session token is rejected");
  const std::string other_body = std::string(request.body) + "x";
  const SignableRequest other{request.method, request.path, request.header_lines, other_body};
  const bool is_unsigned = input.find("UNSIGNED-PAYLOAD") != std::string_view::npos;
  require(is_unsigned || !check_signature(*signature, other, "secret", signature->session_token),
          "the signature of another body is rejected");
}

}  // namespace pageturner
