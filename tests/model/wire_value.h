// Attribute values in wire form, with the simplest possible comparison, and paths into them.
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace pageturner::model {

// The name of a map member, or the index of a list element.
using Step = std::variant<std::string, std::size_t>;
// The name of an attribute, then the steps into its value.
using Path = std::vector<Step>;

// Returns "S", "N", and so on.
std::string type_of(const boost::json::value& value);
// Returns the value without its type descriptor.
const boost::json::value& content_of(const boost::json::value& value);
bool is_set_type(const std::string& type);

// All numbers of the model are integer multiples of 0.01: exact without a decimal class, and still
// fractions.
std::int64_t hundredths_of(const boost::json::value& number);
boost::json::value number_value(std::int64_t hundredths);

// Returns the value at `path`, or nullptr.
const boost::json::value* find_value(const boost::json::object& item, const Path& path);

// Returns the value with all sets in the order in which the service returns them.
boost::json::value with_sorted_sets(const boost::json::value& value);

// Returns whether two values are equal; sets are compared without order.
bool are_equal(const boost::json::value& left, const boost::json::value& right);

// Returns a value below 0, 0 or above 0, or nullopt for values without an order.
std::optional<int> order_of(const boost::json::value& left, const boost::json::value& right);

// Returns all binary values of the model, one byte each, in byte order.
const std::vector<std::string>& known_binaries();

}  // namespace pageturner::model
