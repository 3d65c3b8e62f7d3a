// Compares an answer with the expected one, in which "$any" and the like stand for what may differ,
// and describes where the two differ.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>

namespace pageturner {

// Whether `actual` is as `expected` says. With `any_order` the order of arrays does not count.
bool matches(const boost::json::value& expected, const boost::json::value& actual, bool any_order);

// Returns a line for each place at which `actual` differs from `expected`, such as
//   Items[2].sk.N: expected "3", was "4"
// and at most `differences_max` of them. Empty where the two match.
std::string describe_differences(const boost::json::value& expected,
                                 const boost::json::value& actual, bool any_order,
                                 std::size_t differences_max = 20);

// Returns a text; of one that is longer than `length_max` bytes its two ends.
std::string shorten_text(std::string_view text, std::size_t length_max);

// Returns `value` as JSON, shortened alike.
std::string shorten_json(const boost::json::value& value, std::size_t length_max);

}  // namespace pageturner
