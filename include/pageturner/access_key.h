// An access key that requests can be signed with.
#pragma once

#include <string>

namespace pageturner {

struct AccessKey {
  std::string id;      // "AKIAIOSFODNN7EXAMPLE"; any name is accepted
  std::string secret;  // known to its owner and this process only
  // If not empty, the key is temporary: its requests must carry this token. Requests of other keys
  // must carry no token.
  std::string session_token = {};
};

}  // namespace pageturner
