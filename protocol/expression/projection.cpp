#include "protocol/expression/projection.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "protocol/assert.h"
#include "protocol/expression/condition.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

Error paths_error(std::string_view what, const DocumentPath& one, const DocumentPath& two) {
  return validation_error(concat(
      "Two document paths ", what,
      " with each other; must remove or rewrite one of these paths; path one: ", to_string(one),
      ", path two: ", to_string(two)));
}

// Two paths that cannot be used together, as indexes; `one` < `two`.
struct PathFault {
  std::size_t one;
  std::size_t two;
  bool overlaps;  // else they conflict
};

// Paths with a number for each name, so that they are compared without their names, which may have
// 64 KB each.
using NumberedPath = std::vector<std::pair<std::size_t, std::size_t>>;  // kind, number or index

const NumberedPath& elements_of(const NumberedPath& path) { return path; }
const std::vector<PathElement>& elements_of(const DocumentPath* path) { return path->elements; }
std::size_t kind_of(const NumberedPath::value_type& element) { return element.first; }
std::size_t kind_of(const PathElement& element) { return element.index(); }

// Returns the first fault of `paths`. Path is NumberedPath or const DocumentPath*.
template <class Path>
std::optional<PathFault> find_fault(const std::vector<Path>& paths) {
  std::optional<PathFault> conflict;
  for (std::size_t two = 1; two < paths.size(); ++two) {
    for (std::size_t one = 0; one < two; ++one) {
      const auto& first = elements_of(paths[one]);
      const auto& second = elements_of(paths[two]);
      const auto [end, other] =
          std::mismatch(first.begin(), first.end(), second.begin(), second.end());
      // An overlap anywhere is reported before any conflict.
      if (end == first.end() || other == second.end()) return PathFault{one, two, true};
      if (!conflict && kind_of(*end) != kind_of(*other)) conflict = PathFault{one, two, false};
    }
  }
  return conflict;
}

std::vector<NumberedPath> numbered(const std::vector<const DocumentPath*>& paths) {
  std::map<std::string_view, std::size_t> numbers;
  std::vector<NumberedPath> all;
  for (const DocumentPath* path : paths) {
    NumberedPath& elements = all.emplace_back();
    for (const PathElement& element : path->elements) {
      const auto* name = std::get_if<std::string>(&element);
      const std::size_t number = name != nullptr
                                     ? numbers.try_emplace(*name, numbers.size()).first->second
                                     : std::get<std::size_t>(element);
      elements.emplace_back(element.index(), number);
    }
  }
  return all;
}

std::vector<const DocumentPath*> pointers(const std::vector<DocumentPath>& paths) {
  std::vector<const DocumentPath*> all;
  for (const DocumentPath& path : paths) all.push_back(&path);
  return all;
}

}  // namespace

Result<void> check_paths_disjoint(const std::vector<DocumentPath>& paths) {
  return check_paths_disjoint(pointers(paths));
}

Result<void> check_paths_disjoint(const std::vector<const DocumentPath*>& paths) {
  constexpr std::size_t few_paths = 8;  // cheaper to compare than to number
  const auto fault = paths.size() <= few_paths ? find_fault(paths) : find_fault(numbered(paths));
  if (!fault) return {};
  return paths_error(fault->overlaps ? "overlap" : "conflict", *paths[fault->one],
                     *paths[fault->two]);
}

Projection::Projection(const std::vector<DocumentPath>& paths) : Projection(pointers(paths)) {}

Projection::Projection(const std::vector<const DocumentPath*>& paths) {
  PAGETURNER_ASSERT(check_paths_disjoint(paths).has_value());
  for (const DocumentPath* path : paths) {
    Tree* at = &root_;
    for (const PathElement& element : path->elements) {
      if (const auto* name = std::get_if<std::string>(&element)) {
        at = &at->members[*name];
      } else {
        at = &at->elements[std::get<std::size_t>(element)];
      }
    }
    at->whole = true;
  }
}

Projection::Projection(ProjectedPaths projected) : Projection(projected.paths) {
  names_ = std::move(projected.names);
  std::sort(names_.begin(), names_.end());
}

Projection Projection::under_names(std::vector<std::pair<std::string, DocumentPath>> columns) {
  std::vector<DocumentPath> paths;
  bool plain = true;
  for (const auto& [name, path] : columns) {
    paths.push_back(path);
    plain &= path.is_top_level() && path.top_level_name() == name;
  }
  Projection projection(plain ? paths : std::vector<DocumentPath>());
  if (!plain) projection.columns_ = std::move(columns);
  return projection;
}

bool Projection::is_top_level() const {
  return columns_.empty() && std::all_of(root_.members.begin(), root_.members.end(),
                                         [](const auto& member) { return member.second.whole; });
}

std::vector<std::string_view> Projection::top_level_names() const {
  if (!names_.empty()) return names_;
  std::vector<std::string_view> names;
  names.reserve(root_.members.size());
  for (const auto& [name, tree] : root_.members) names.push_back(name);
  return names;
}

Item Projection::apply(const AttributeSource& item) const {
  Item projected;
  for (const auto& [name, path] : columns_) {
    const AttributeValue* value = find_path(path, item);
    if (value != nullptr) projected.try_emplace(name, *value);
  }
  for (const std::string_view name : names_) {
    const AttributeValue* value = item.find(name);
    if (value != nullptr) projected.emplace(name, *value);
  }
  for (const auto& [name, tree] : root_.members) {
    const AttributeValue* value = item.find(name);
    AttributeValue taken;
    if (value != nullptr && take(tree, *value, taken)) projected.emplace(name, std::move(taken));
  }
  return projected;
}

bool Projection::take(const Tree& tree, const AttributeValue& value, AttributeValue& taken) {
  if (tree.whole) {
    taken = value;
    return true;
  }
  if (const auto* map = value.get_if<Map>()) {
    Map part;
    for (const auto& [name, subtree] : tree.members) {  // in the order of the names
      const AttributeValue* found = map->find(name);
      AttributeValue member;
      if (found != nullptr && take(subtree, *found, member)) {
        part.attributes.push_back({name, std::move(member)});
      }
    }
    const bool any = !part.attributes.empty();
    taken = AttributeValue{std::move(part)};
    return any;
  }
  if (const auto* list = value.get_if<List>()) {
    List part;
    for (const auto& [index, subtree] : tree.elements) {
      AttributeValue element;
      if (index < list->elements.size() && take(subtree, list->elements[index], element)) {
        part.elements.push_back(std::move(element));
      }
    }
    const bool any = !part.elements.empty();
    taken = AttributeValue{std::move(part)};
    return any;
  }
  return false;
}

}  // namespace pageturner
