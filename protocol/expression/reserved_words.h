// Reserved words, which an expression cannot use as attribute names.
#pragma once

#include <string_view>

namespace pageturner {

// Returns whether `word` is reserved, in any case. Source: guide, "Reserved words in DynamoDB".
bool is_reserved_word(std::string_view word);

}  // namespace pageturner
