// Draws random values, items and paths.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/model/wire_value.h"

namespace pageturner::model {

const std::vector<std::string>& every_type();

// Returns the names of all attributes that are not keys. Each name has a usual type, so that
// actions often have operands of a valid type.
const std::vector<std::string>& attribute_names();
// Returns the usual type of an attribute, or "" for any type.
std::string usual_type(const std::string& name);

class ValueDraws {
 public:
  explicit ValueDraws(std::mt19937_64& random) : random_(random) {}

  int number(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool chance(int percent) { return number(1, 100) <= percent; }
  template <class List>
  auto& one_of(List& list) {
    return list[static_cast<std::size_t>(number(0, static_cast<int>(list.size()) - 1))];
  }
  template <class List>
  void shuffle(List& list) {
    std::shuffle(list.begin(), list.end(), random_);
  }

  std::string type() { return one_of(every_type()); }
  std::string name() { return one_of(attribute_names()); }

  // Returns a value of `type` with at most `depth` levels of nested values.
  boost::json::value value(const std::string& type, int depth);
  // Returns a value that usually has the usual type of the attribute.
  boost::json::value value_for(const std::string& name, int depth);
  // Returns a value for the index key attributes "g" or "r".
  boost::json::value index_value(const std::string& name);
  boost::json::object item(const boost::json::object& key);

  // Returns a path of up to three steps, usually to a value of one of `types`.
  Path path(const boost::json::object& item, const std::vector<std::string>& types);
  // Returns a path to an existing value or to one close to it.
  Path path_nearby(const boost::json::object& item);
  // Returns a path to a sibling of the value at `path`.
  Path path_beside(Path path);

 private:
  boost::json::value decimal() { return number_value(25 * number(-20, 20)); }
  boost::json::value set(const std::string& type);

  std::mt19937_64& random_;
};

}  // namespace pageturner::model
