// Who may use the service: whoever signs with one of the keys, or everybody where there are none.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pageturner/access_key.h"
#include "protocol/error.h"

namespace pageturner {

struct RequestHead;

// Thread-safe: it does not change.
class AccessControl {
 public:
  // Of several keys with one id the last one counts.
  explicit AccessControl(const std::vector<AccessKey>& keys);

  // Checks the signature of a request whose authentication material check_credentials has found
  // whole, by the clock of the system. Without keys it does nothing. Errors:
  // IncompleteSignatureException, InvalidSignatureException and UnrecognizedClientException.
  Result<void> check(const RequestHead& head, std::string_view body) const {
    return keys_.empty() ? Result<void>() : check_signed(head, body);
  }

 private:
  Result<void> check_signed(const RequestHead& head, std::string_view body) const;

  std::map<std::string, AccessKey, std::less<>> keys_;
};

}  // namespace pageturner
