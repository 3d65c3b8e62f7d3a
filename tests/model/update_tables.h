// The two tables that random writes go to.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace pageturner::model {

struct UpdateTable {
  std::string name;
  std::vector<std::string> key_names;
  std::string index_name;
  std::vector<std::string> index_names;   // the key of its one index, a sparse one
  bool index_projects_all = false;        // or keys only
  std::vector<boost::json::object> keys;  // of all items there may be

  boost::json::object create_request() const;
  // What the index holds of `item`.
  std::optional<boost::json::object> index_entry(const boost::json::object& item) const;
};

// One with a partition key alone, whose index holds everything, and one with a sort key, whose
// index holds keys. Attributes "g", a string, and "r", a number, belong to the indexes.
const std::vector<UpdateTable>& update_tables();

// Whether `name` is part of a key of one of the tables or of their indexes.
bool is_key_name(const std::string& name);

}  // namespace pageturner::model
