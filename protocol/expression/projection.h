// What an answer shows of an item.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "protocol/attribute_source.h"
#include "protocol/error.h"
#include "protocol/expression/ast.h"

namespace pageturner {

// Refuses two paths of which one contains the other or which take one place for a map and for a
// list. Source: recorded answers.
Result<void> check_paths_disjoint(const std::vector<DocumentPath>& paths);

// A set of disjoint paths, merged into a tree. Of a list the elements named are left, in their
// order, without the gaps; what the item does not have is left out.
class Projection {
 public:
  // Requires: check_paths_disjoint accepts `paths`.
  explicit Projection(const std::vector<DocumentPath>& paths);

  // Takes each path's value out of where it stands and shows it under a name of its own, as
  // PartiQL does.
  static Projection under_names(std::vector<std::pair<std::string, DocumentPath>> columns);

  // Whether every path is a top-level attribute, taken whole and shown under its name.
  bool is_top_level() const;
  // The names of the top-level attributes it takes something of, sorted.
  std::vector<std::string_view> top_level_names() const;

  Item apply(const AttributeSource& item) const;

 private:
  struct Tree {
    bool whole = false;
    std::map<std::string, Tree, std::less<>> members;
    std::map<std::size_t, Tree> elements;
  };
  // False where the value has nothing of what the tree names.
  static bool take(const Tree& tree, const AttributeValue& value, AttributeValue& taken);

  Tree root_;
  std::vector<std::pair<std::string, DocumentPath>> columns_;  // of under_names
};

}  // namespace pageturner
