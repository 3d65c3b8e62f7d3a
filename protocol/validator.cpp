#include "protocol/validator.h"

#include <utility>

#include "protocol/text.h"

namespace pageturner {

Error worded(Error error, Validator validator) {
  if (validator == Validator::legacy) return error;
  if (const std::string& current = error.texts().current_message; !current.empty()) {
    error.message = current;
  }
  const bool has_prefix =
      error.scope == ErrorScope::constraint ||
      (error.scope == ErrorScope::request && validator == Validator::current_prefixed);
  if (has_prefix) error.message = concat("1 validation error detected: ", error.message);
  return error;
}

}  // namespace pageturner
