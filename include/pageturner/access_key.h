// A key that requests may be signed with.
#pragma once

#include <string>

namespace pageturner {

struct AccessKey {
  std::string id;      // "AKIAIOSFODNN7EXAMPLE"; any name will do
  std::string secret;  // what only its owner and this process know
  // Where it is not empty, the key is a temporary one: its requests carry this token, and requests
  // of other keys carry none.
  std::string session_token = {};
};

}  // namespace pageturner
