// Finds repeated texts in lists of a request.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace pageturner {

// Returns the index of the first text that is equal to an earlier one, or the number of texts.
// Takes 8 bytes of memory for each text: a request may have a million, and a set of them takes
// several times as much.
std::size_t first_repetition(const std::vector<std::string_view>& texts);

}  // namespace pageturner
