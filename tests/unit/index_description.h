// Describes indexes for tests.
#pragma once

#include <string>
#include <utility>

#include "protocol/table_description.h"

namespace pageturner {

// Returns an index with this name: a local one if that is "local", otherwise a global one.
inline IndexDescription describe_index(std::string name, KeySchema key_schema,
                                       IndexProjection projection = {}) {
  IndexDescription index;
  index.name = std::move(name);
  index.is_global = index.name != "local";
  index.key_schema = std::move(key_schema);
  index.projection = std::move(projection);
  return index;
}

}  // namespace pageturner
