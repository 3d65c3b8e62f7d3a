// Attribute values as they stand in requests, read and compared in the plainest way, and the paths
// that lead to them.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pageturner::model {

// The name of a member, or the index of an element.
using Step = std::variant<std::string, std::size_t>;
// The name of an attribute, and the steps into its value.
using Path = std::vector<Step>;

// "S", "N", and so on.
std::string type_of(const boost::json::value& value);
// What stands behind the type.
const boost::json::value& content_of(const boost::json::value& value);
bool is_set_type(const std::string& type);

// All numbers of the model are whole hundredths, which makes them exact without a class of their
// own, and still fractions.
std::int64_t hundredths_of(const boost::json::value& number);
boost::json::value number_value(std::int64_t hundredths);

// The value that `path` leads to; nullptr where there is none.
const boost::json::value* find_value(const boost::json::object& item, const Path& path);

// Whether two values are equal: the members of a set have no order.
bool are_equal(const boost::json::value& left, const boost::json::value& right);

// Below 0, 0 or above 0; nothing for values that have no order.
std::optional<int> order_of(const boost::json::value& left, const boost::json::value& right);

// One-byte binaries in the order of their bytes; the model knows no others.
const std::vector<std::string>& known_binaries();

}  // namespace pageturner::model
