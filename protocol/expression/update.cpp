#include "protocol/expression/update.h"

#include <algorithm>
#include <set>

#include "protocol/expression/condition.h"

namespace pageturner {
namespace {

Error wrong_operand() {
  return validation_error("An operand in the update expression has an incorrect data type");
}

Error invalid_path() {
  return validation_error(
      "The document path provided in the update expression is invalid for update");
}

Result<AttributeValue> evaluate(const ExpressionNode& node, const AttributeSource& item);

Result<AttributeValue> append_lists(const ExpressionNode& node, const AttributeSource& item) {
  PAGETURNER_ASSIGN_OR_RETURN(AttributeValue first, evaluate(node.operands[0], item));
  PAGETURNER_ASSIGN_OR_RETURN(const AttributeValue second, evaluate(node.operands[1], item));
  auto* list = std::get_if<List>(&first.data);
  const auto* tail = second.get_if<List>();
  if (list == nullptr || tail == nullptr) return wrong_operand();
  list->elements.insert(list->elements.end(), tail->elements.begin(), tail->elements.end());
  return first;
}

Result<AttributeValue> calculate(const ExpressionNode& node, const AttributeSource& item) {
  PAGETURNER_ASSIGN_OR_RETURN(const AttributeValue left, evaluate(node.operands[0], item));
  PAGETURNER_ASSIGN_OR_RETURN(const AttributeValue right, evaluate(node.operands[1], item));
  const auto* first = left.get_if<Number>();
  const auto* second = right.get_if<Number>();
  if (first == nullptr || second == nullptr) return wrong_operand();
  PAGETURNER_ASSIGN_OR_RETURN(const Number result, node.text == "+"
                                                       ? Number::add(*first, *second)
                                                       : Number::subtract(*first, *second));
  return AttributeValue{result};
}

// The value that a SET gives its path.
Result<AttributeValue> evaluate(const ExpressionNode& node, const AttributeSource& item) {
  if (node.kind == NodeKind::value) return node.value;
  if (node.kind == NodeKind::arithmetic) return calculate(node, item);
  if (node.kind == NodeKind::function && node.text == "list_append") {
    return append_lists(node, item);
  }
  const bool has_default = node.kind == NodeKind::function;  // if_not_exists
  const DocumentPath& path = has_default ? node.operands[0].path : node.path;
  if (const AttributeValue* found = find_path(path, item)) return *found;
  if (has_default) return evaluate(node.operands[1], item);
  return validation_error(
      "The provided expression refers to an attribute that does not exist in the item");
}

// The members of `set` with those of `others` that it lacks, or without those that it has.
template <class Set>
Set combine(Set set, const Set& others, UpdateKind kind) {
  using Members = decltype(set.members);
  if (kind == UpdateKind::add) {
    const std::set<typename Members::value_type> present(set.members.begin(), set.members.end());
    for (const auto& member : others.members) {
      if (!present.contains(member)) set.members.push_back(member);
    }
  } else {
    const std::set<typename Members::value_type> gone(others.members.begin(), others.members.end());
    std::erase_if(set.members, [&](const auto& member) { return gone.contains(member); });
  }
  return set;
}

// What ADD or DELETE makes of `old`, a value of the same type as `operand`. Nothing: an empty set,
// which is no value.
template <class Set>
std::optional<AttributeValue> combine_sets(const AttributeValue& old, const AttributeValue& operand,
                                           UpdateKind kind) {
  Set combined = combine(old.as<Set>(), operand.as<Set>(), kind);
  if (combined.members.empty()) return std::nullopt;
  return AttributeValue{std::move(combined)};
}

// What ADD or DELETE leaves at a path. Nothing: no value.
Result<std::optional<AttributeValue>> add_or_erase(const AttributeValue* old,
                                                   const AttributeValue& operand, UpdateKind kind) {
  if (old == nullptr) {
    return kind == UpdateKind::add ? std::optional(operand) : std::optional<AttributeValue>();
  }
  if (type_of(*old) != type_of(operand)) return wrong_operand();
  switch (type_of(operand)) {
    case AttributeType::ss:
      return combine_sets<StringSet>(*old, operand, kind);
    case AttributeType::ns:
      return combine_sets<NumberSet>(*old, operand, kind);
    case AttributeType::bs:
      return combine_sets<BinarySet>(*old, operand, kind);
    case AttributeType::n: {
      PAGETURNER_ASSIGN_OR_RETURN(const Number sum,
                                  Number::add(old->as<Number>(), operand.as<Number>()));
      return std::optional(AttributeValue{sum});
    }
    case AttributeType::l: {  // the older ADD; an expression's takes no list
      List list = old->as<List>();
      const auto& tail = operand.as<List>().elements;
      list.elements.insert(list.elements.end(), tail.begin(), tail.end());
      return std::optional(AttributeValue{std::move(list)});
    }
    default:
      return wrong_operand();
  }
}

// An action whose operands have been read: the value to put at its path, or nothing to remove it.
struct Change {
  const DocumentPath* path = nullptr;
  std::optional<AttributeValue> value;
};

// Puts `value` under the last element of a path into the map or list `parent`.
Result<void> put_into(AttributeValue& parent, const PathElement& element, AttributeValue value) {
  if (const auto* name = std::get_if<std::string>(&element)) {
    auto* map = std::get_if<Map>(&parent.data);
    if (map == nullptr) return invalid_path();
    map->attributes.insert_or_assign(*name, std::move(value));
    return {};
  }
  auto* list = std::get_if<List>(&parent.data);
  if (list == nullptr) return invalid_path();
  const std::size_t index = std::get<std::size_t>(element);
  if (index < list->elements.size()) {
    list->elements[index] = std::move(value);
  } else {
    list->elements.push_back(std::move(value));  // beyond the end is at the end
  }
  return {};
}

// Takes the last element of a path out of the map or list `parent`, if it `was_there` before the
// update: what another action has put in its place since is not meant.
Result<void> remove_from(AttributeValue& parent, const PathElement& element, bool was_there) {
  if (const auto* name = std::get_if<std::string>(&element)) {
    auto* map = std::get_if<Map>(&parent.data);
    if (map == nullptr) return invalid_path();
    map->attributes.erase(*name);
    return {};
  }
  auto* list = std::get_if<List>(&parent.data);
  if (list == nullptr) return invalid_path();
  if (!was_there) return {};
  const std::size_t index = std::get<std::size_t>(element);
  list->elements.erase(list->elements.begin() + static_cast<std::ptrdiff_t>(index));
  return {};
}

// The value within `value` that `path`, from its second element to the last but one, leads to: the
// map or list that holds what the whole path names. nullptr: there is none. As find_path, but for
// a value that is to be changed.
AttributeValue* find_parent(const DocumentPath& path, AttributeValue& value) {
  AttributeValue* parent = &value;
  for (std::size_t i = 1; i + 1 < path.elements.size(); ++i) {
    if (const auto* name = std::get_if<std::string>(&path.elements[i])) {
      auto* map = std::get_if<Map>(&parent->data);
      if (map == nullptr) return nullptr;
      const auto found = map->attributes.find(*name);
      if (found == map->attributes.end()) return nullptr;
      parent = &found->second;
    } else {
      auto* list = std::get_if<List>(&parent->data);
      const std::size_t index = std::get<std::size_t>(path.elements[i]);
      if (list == nullptr || index >= list->elements.size()) return nullptr;
      parent = &list->elements[index];
    }
  }
  return parent;
}

// Adds one change to `changes` of `old`. What a path leads to is what it led to in `old`.
Result<void> apply_change(AttributeChanges& changes, Change change, const AttributeSource& old) {
  const auto& elements = change.path->elements;
  const std::string& name = change.path->top_level_name();
  if (change.path->is_top_level()) {
    changes.insert_or_assign(name, std::move(change.value));
    return {};
  }
  const DocumentPath parent_path{{elements.begin(), elements.end() - 1}};
  if (find_path(parent_path, old) == nullptr) return invalid_path();
  const auto [changed, is_first] = changes.try_emplace(name);
  if (is_first) changed->second = *old.find(name);
  AttributeValue* parent = changed->second ? find_parent(*change.path, *changed->second) : nullptr;
  if (parent == nullptr) return invalid_path();
  if (change.value) return put_into(*parent, elements.back(), *std::move(change.value));
  const bool was_there = find_path(*change.path, old) != nullptr;
  return remove_from(*parent, elements.back(), was_there);
}

Result<std::vector<Change>> read_operands(const Update& update, const AttributeSource& item) {
  std::vector<Change> changes;
  for (const UpdateAction& action : update) {
    Change change{&action.path, std::nullopt};
    if (action.kind == UpdateKind::set) {
      PAGETURNER_ASSIGN_OR_RETURN(change.value, evaluate(action.value, item));
    } else if (action.kind != UpdateKind::remove) {
      const AttributeValue* old = find_path(action.path, item);
      PAGETURNER_ASSIGN_OR_RETURN(change.value, add_or_erase(old, action.value.value, action.kind));
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

// Indexes are those of the list as it was: values go in before any element goes, those beyond the
// end in the order of their indexes, and elements go from the highest index down.
bool precedes_in_order(const Change& left, const Change& right) {
  if (left.value.has_value() != right.value.has_value()) return left.value.has_value();
  return left.value ? left.path->elements < right.path->elements
                    : left.path->elements > right.path->elements;
}

}  // namespace

Result<AttributeChanges> apply_update(const Update& update, const AttributeSource& item) {
  PAGETURNER_ASSIGN_OR_RETURN(std::vector<Change> ordered, read_operands(update, item));
  std::sort(ordered.begin(), ordered.end(), precedes_in_order);
  AttributeChanges changes;
  for (Change& change : ordered)
    PAGETURNER_RETURN_IF_ERROR(apply_change(changes, std::move(change), item));
  return changes;
}

std::vector<DocumentPath> touched_paths(const Update& update) {
  std::vector<DocumentPath> paths;
  for (const UpdateAction& action : update) paths.push_back(action.path);
  return paths;
}

}  // namespace pageturner
