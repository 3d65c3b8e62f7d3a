// Percent-encoding of URLs.
#pragma once

#include <string>
#include <string_view>

namespace pageturner {

// Returns `text` with every byte but RFC 3986's unreserved characters as %XX, in upper case.
std::string percent_encode(std::string_view text);

// Returns the bytes that `text`, a part of a query string, stands for: %XX is decoded and '+' is a
// blank. A '%' without two hexadecimal digits is kept. Never fails.
std::string percent_decode(std::string_view text);

}  // namespace pageturner
