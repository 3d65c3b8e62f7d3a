// Random values, items and paths into them.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <random>
#include <string>
#include <vector>

#include "tests/model/wire_value.h"

namespace pageturner::model {

const std::vector<std::string>& every_type();

// The names of attributes that are part of no key. They stand for the type that an attribute of the
// name mostly has, so that actions often fit.
const std::vector<std::string>& attribute_names();
// "" where it may be any.
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

  // A value of a type, with at most `depth` levels of values in it.
  boost::json::value value(const std::string& type, int depth);
  // A value that fits an attribute's name, mostly.
  boost::json::value value_for(const std::string& name, int depth);
  // A value for "g" or "r", which belong to indexes.
  boost::json::value index_value(const std::string& name);
  boost::json::object item(const boost::json::object& key);

  // A path, most often to a value of one of `types`, of up to three steps.
  Path path(const boost::json::object& item, const std::vector<std::string>& types);
  // A path to somewhere in or just outside of what is there.
  Path path_nearby(const boost::json::object& item);
  // A path to something beside what `path` leads to.
  Path path_beside(Path path);

 private:
  boost::json::value decimal() { return number_value(25 * number(-20, 20)); }
  boost::json::value set(const std::string& type);

  std::mt19937_64& random_;
};

}  // namespace pageturner::model
