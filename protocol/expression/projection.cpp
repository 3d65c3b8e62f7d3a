#include "protocol/expression/projection.h"

#include <algorithm>

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

// The length of the common prefix of two paths.
std::size_t common_length(const DocumentPath& one, const DocumentPath& two) {
  const auto [end, other_end] = std::mismatch(one.elements.begin(), one.elements.end(),
                                              two.elements.begin(), two.elements.end());
  (void)other_end;
  return static_cast<std::size_t>(end - one.elements.begin());
}

}  // namespace

Result<void> check_paths_disjoint(const std::vector<DocumentPath>& paths) {
  // An overlap anywhere is reported before any conflict.
  for (const bool overlaps : {true, false}) {
    for (std::size_t two = 1; two < paths.size(); ++two) {
      for (std::size_t one = 0; one < two; ++one) {
        const std::size_t common = common_length(paths[one], paths[two]);
        const bool contained =
            common == std::min(paths[one].elements.size(), paths[two].elements.size());
        if (contained != overlaps) continue;
        if (contained) return paths_error("overlap", paths[one], paths[two]);
        if (paths[one].elements[common].index() != paths[two].elements[common].index()) {
          return paths_error("conflict", paths[one], paths[two]);
        }
      }
    }
  }
  return {};
}

Projection::Projection(const std::vector<DocumentPath>& paths) {
  PAGETURNER_ASSERT(check_paths_disjoint(paths).has_value());
  for (const DocumentPath& path : paths) {
    Tree* at = &root_;
    for (const PathElement& element : path.elements) {
      if (const auto* name = std::get_if<std::string>(&element)) {
        at = &at->members[*name];
      } else {
        at = &at->elements[std::get<std::size_t>(element)];
      }
    }
    at->whole = true;
  }
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
  std::vector<std::string_view> names;
  for (const auto& [name, tree] : root_.members) names.push_back(name);
  return names;
}

Item Projection::apply(const AttributeSource& item) const {
  Item projected;
  for (const auto& [name, path] : columns_) {
    const AttributeValue* value = find_path(path, item);
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
    for (const auto& [name, subtree] : tree.members) {
      const auto found = map->attributes.find(name);
      AttributeValue member;
      if (found != map->attributes.end() && take(subtree, found->second, member)) {
        part.attributes.emplace(name, std::move(member));
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
