// Projections: the parts of an item that a response contains.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/attribute_source.h"
#include "protocol/error.h"
#include "protocol/expression/ast.h"

namespace pageturner {

// Errors: ValidationException for two paths that overlap (one contains the other) or conflict (one
// value would be both a map and a list). Source: recorded answers.
Result<void> check_paths_disjoint(const std::vector<DocumentPath>& paths);
Result<void> check_paths_disjoint(const std::vector<const DocumentPath*>& paths);

// What a request states of its projection: the disjoint paths of a ProjectionExpression, or the
// distinct top-level names of AttributesToGet, of which there may be a million. The other list is
// empty. `names` are views into the document of the request.
struct ProjectedPaths {
  std::vector<DocumentPath> paths = {};
  std::vector<std::string_view> names = {};
};

// A set of disjoint paths, merged into a tree. Of a list, the selected elements remain, in their
// order and without gaps. Paths that the item does not have are left out.
class Projection {
 public:
  // Requires: check_paths_disjoint(paths).
  explicit Projection(const std::vector<DocumentPath>& paths);
  explicit Projection(const std::vector<const DocumentPath*>& paths);
  // The document of the names must outlive the projection.
  explicit Projection(ProjectedPaths projected);

  // Returns a projection that puts the value of each path under its own top-level name, as PartiQL
  // does.
  static Projection under_names(std::vector<std::pair<std::string, DocumentPath>> columns);

  // Whether every path is a whole top-level attribute under its own name.
  bool is_top_level() const;
  // Returns the sorted names of the top-level attributes of all paths. They point into the
  // projection, or into the document of AttributesToGet.
  std::vector<std::string_view> top_level_names() const;

  // Returns the selected parts of `item`.
  Item apply(const AttributeSource& item) const;

 private:
  struct Tree {
    bool whole = false;
    std::map<std::string, Tree, std::less<>> members;
    std::map<std::size_t, Tree> elements;
  };
  // Returns false if `value` has no part that the tree selects.
  static bool take(const Tree& tree, const AttributeValue& value, AttributeValue& taken);

  Tree root_;
  std::vector<std::string_view> names_;  // of ProjectedPaths, sorted; without nodes in the tree
  std::vector<std::pair<std::string, DocumentPath>> columns_;  // of under_names
};

}  // namespace pageturner
