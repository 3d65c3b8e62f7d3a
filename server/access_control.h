// Access control: with access keys, requests must be signed with one of them; without, every
// request is allowed.
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

// Thread-safe: immutable.
class AccessControl {
 public:
  // If several keys have the same id, the last one is used.
  explicit AccessControl(const std::vector<AccessKey>& keys);

  bool has_keys() const { return !keys_.empty(); }

  // Checks the signature of a request against the system clock. Does nothing without keys. Requires
  // (not checked): check_credentials accepted the request. Errors: IncompleteSignatureException,
  // InvalidSignatureException and UnrecognizedClientException.
  Result<void> check(const RequestHead& head, std::string_view body) const {
    return keys_.empty() ? Result<void>() : check_signed(head, body);
  }

 private:
  Result<void> check_signed(const RequestHead& head, std::string_view body) const;

  std::map<std::string, AccessKey, std::less<>> keys_;
};

}  // namespace pageturner
