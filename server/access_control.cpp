#include "server/access_control.h"

#include <chrono>

#include "protocol/signature_v4.h"
#include "server/request_handler.h"

namespace pageturner {

AccessControl::AccessControl(const std::vector<AccessKey>& keys) {
  for (const AccessKey& key : keys) keys_.insert_or_assign(key.id, key);
}

Result<void> AccessControl::check_signed(const RequestHead& head, std::string_view body) const {
  const SignableRequest request{head.method, head.path, head.header_lines, body};
  const auto now =
      std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  PAGETURNER_ASSIGN_OR_RETURN(const Signature signature,
                              read_signature(head.authorization, request, now));
  const auto key = keys_.find(signature.key_id);
  if (key == keys_.end()) {
    return Error{ErrorType::unrecognized_client,
                 "The security token included in the request is invalid."};
  }
  return check_signature(signature, request, key->second.secret, key->second.session_token);
}

}  // namespace pageturner
