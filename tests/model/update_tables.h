// The two tables of the random writes.
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
  std::vector<std::string> index_names;   // the key of its only index, which is sparse
  bool index_projects_all = false;        // otherwise KEYS_ONLY
  std::vector<boost::json::object> keys;  // of all possible items

  boost::json::object create_request() const;
  // Returns the index entry of `item`, or nullopt if it has none.
  std::optional<boost::json::object> index_entry(const boost::json::object& item) const;
};

// One table has a partition key only and an index that projects ALL; the other has a sort key and a
// KEYS_ONLY index. The attributes "g" (string) and "r" (number) are index keys.
const std::vector<UpdateTable>& update_tables();

// Returns whether `name` is part of a key of one of the tables or of their indexes.
bool is_key_name(const std::string& name);

}  // namespace pageturner::model
