#include "protocol/validator.h"

#include <utility>

#include "protocol/text.h"

namespace pageturner {

Error worded(Error error, Validator validator) {
  if (validator == Validator::legacy) return error;
  if (!error.current_message.empty()) error.message = std::move(error.current_message);
  const bool has_prefix =
      error.scope == ErrorScope::constraint ||
      (error.scope == ErrorScope::request && validator == Validator::current_prefixed);
  if (has_prefix) error.message = concat("1 validation error detected: ", error.message);
  return error;
}

}  // namespace pageturner
