// The iteration order of a Java HashSet, in which the service lists some names in its errors.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace pageturner {

// Returns the first `count_max` of `texts`, or all if there are fewer, in the order of the bucket
// of the string's hash in a table of 16 buckets that doubles when three quarters full; within a
// bucket the order is kept. Requires (not checked): the texts are distinct. Source: recorded
// answers with several unused keys.
std::vector<std::string_view> first_in_java_hash_set_order(
    const std::vector<std::string_view>& texts, std::size_t count_max);

}  // namespace pageturner
