// The order in which the service lists names that it keeps in a hash set.
#pragma once

#include <string>
#include <vector>

namespace pageturner {

// Puts `texts`, which are distinct, in that order: by bucket of the string's hash in a table of 16
// that doubles when three quarters full; within a bucket they stay as they are. Source: recorded
// answers with several unused keys.
void sort_in_java_hash_set_order(std::vector<std::string>& texts);

}  // namespace pageturner
