// The words that an expression cannot use as attribute names.
#pragma once

#include <string_view>

namespace pageturner {

// Whether `word` is reserved, in whatever case it is written.
// Source: guide, "Reserved words in DynamoDB".
bool is_reserved_word(std::string_view word);

}  // namespace pageturner
