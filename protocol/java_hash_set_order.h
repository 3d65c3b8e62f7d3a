// The iteration order of a Java HashSet, in which the service lists some names in its errors.
#pragma once

#include <string_view>
#include <vector>

namespace pageturner {

// Sorts `texts` by the bucket of the string's hash in a table of 16 buckets that doubles when three
// quarters full; within a bucket the order is kept. Requires (not checked): the texts are distinct.
// Source: recorded answers with several unused keys.
void sort_in_java_hash_set_order(std::vector<std::string_view>& texts);

}  // namespace pageturner
