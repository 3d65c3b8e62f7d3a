#include "protocol/expression/update.h"

#include <algorithm>
#include <iterator>

#include "protocol/expression/condition.h"

namespace pageturner {
namespace {

Error wrong_operand() {
  return validation_error("An operand in the update expression has an incorrect data type",
                          ErrorDetail::update_operand_type);
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
  PAGETURNER_ASSIGN_OR_RETURN(const Number result, node.arithmetic == Arithmetic::add
                                                       ? Number::add(*first, *second)
                                                       : Number::subtract(*first, *second));
  return AttributeValue{result};
}

Result<AttributeValue> evaluate_function(const ExpressionNode& node, const AttributeSource& item) {
  switch (node.function) {
    case Function::if_not_exists:
      if (const AttributeValue* found = find_path(node.operands[0].path, item)) return *found;
      return evaluate(node.operands[1], item);
    case Function::list_append:
      return append_lists(node, item);
    case Function::attribute_exists:
    case Function::attribute_not_exists:
    case Function::attribute_type:
    case Function::begins_with:
    case Function::contains:
    case Function::size:
    case Function::unknown:
      break;  // the parsers refuse them in updates
  }
  return wrong_operand();
}

// Returns the value that a SET assigns.
Result<AttributeValue> evaluate(const ExpressionNode& node, const AttributeSource& item) {
  switch (node.kind) {
    case NodeKind::value:
      return node.value;
    case NodeKind::path:
      if (const AttributeValue* found = find_path(node.path, item)) return *found;
      return validation_error(
          "The provided expression refers to an attribute that does not exist in the item");
    case NodeKind::function:
      return evaluate_function(node, item);
    case NodeKind::arithmetic:
      return calculate(node, item);
    case NodeKind::compare:
    case NodeKind::between:
    case NodeKind::in:
    case NodeKind::logical_and:
    case NodeKind::logical_or:
    case NodeKind::logical_not:
      break;  // the parsers refuse them in updates
  }
  return wrong_operand();
}

// Returns the union of `set` and `others` for ADD, their difference for DELETE.
template <class Set>
Set combine(const Set& set, const Set& others, UpdateKind kind) {
  const auto& left = set.members;
  const auto& right = others.members;
  Set combined;
  const auto out = std::back_inserter(combined.members);
  if (kind == UpdateKind::add) {
    std::set_union(left.begin(), left.end(), right.begin(), right.end(), out);
  } else {
    std::set_difference(left.begin(), left.end(), right.begin(), right.end(), out);
  }
  return combined;
}

// ADD or DELETE on `old`, a set of the same type as `operand`. Returns nullopt for an empty set,
// which cannot be stored.
template <class Set>
std::optional<AttributeValue> combine_sets(const AttributeValue& old, const AttributeValue& operand,
                                           UpdateKind kind) {
  Set combined = combine(old.as<Set>(), operand.as<Set>(), kind);
  if (combined.members.empty()) return std::nullopt;
  return AttributeValue{std::move(combined)};
}

// ADD or DELETE on the value `old`; nullptr if absent. Returns nullopt if no value remains.
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
    case AttributeType::l: {  // AttributeUpdates only; check_update_operands() refuses it otherwise
      List list = old->as<List>();
      const auto& tail = operand.as<List>().elements;
      list.elements.insert(list.elements.end(), tail.begin(), tail.end());
      return std::optional(AttributeValue{std::move(list)});
    }
    case AttributeType::null:
    case AttributeType::boolean:
    case AttributeType::s:
    case AttributeType::b:
    case AttributeType::m:
      break;
  }
  return wrong_operand();
}

// An action with its operands evaluated: the value to put at `path`, or nullopt to remove it.
struct Change {
  const DocumentPath* path = nullptr;
  std::optional<AttributeValue> value;
};

// Stores `value` in the map or list `parent` under the last element of its path.
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
    list->elements.push_back(std::move(value));  // an index beyond the end appends
  }
  return {};
}

// Removes the last element of a path from the map or list `parent`. `existed`: whether it was there
// before the update; a list element that another action has stored since is kept.
Result<void> remove_from(AttributeValue& parent, const PathElement& element, bool existed) {
  if (const auto* name = std::get_if<std::string>(&element)) {
    auto* map = std::get_if<Map>(&parent.data);
    if (map == nullptr) return invalid_path();
    map->attributes.erase(*name);
    return {};
  }
  auto* list = std::get_if<List>(&parent.data);
  if (list == nullptr) return invalid_path();
  if (!existed) return {};
  const std::size_t index = std::get<std::size_t>(element);
  list->elements.erase(list->elements.begin() + static_cast<std::ptrdiff_t>(index));
  return {};
}

// Adds one change to `changes` of `old`. Paths are resolved in `old`.
Result<void> apply_change(AttributeChanges& changes, Change change, const AttributeSource& old) {
  const auto& elements = change.path->elements;
  const std::string& name = change.path->top_level_name();
  if (change.path->is_top_level()) {
    changes.insert_or_assign(name, std::move(change.value));
    return {};
  }
  const DocumentPath parent_path{{elements.begin(), elements.end() - 1}};
  if (find_path(parent_path, old) == nullptr) return invalid_path();
  auto changed = changes.find(name);
  if (changed == changes.end()) changed = changes.emplace(name, *old.find(name)).first;
  // Paths are disjoint, so no other change has removed or replaced the parent.
  AttributeValue* parent = find_path(parent_path, *changed->second);
  if (change.value) return put_into(*parent, elements.back(), *std::move(change.value));
  const bool existed = find_path(*change.path, old) != nullptr;
  return remove_from(*parent, elements.back(), existed);
}

// Returns the value to store at the path of `action`, or nullopt to remove it.
Result<std::optional<AttributeValue>> new_value(const UpdateAction& action,
                                                const AttributeSource& item) {
  std::optional<AttributeValue> value;
  switch (action.kind) {
    case UpdateKind::set: {
      PAGETURNER_ASSIGN_OR_RETURN(value, evaluate(action.value, item));
      break;
    }
    case UpdateKind::add:
    case UpdateKind::erase:
      return add_or_erase(find_path(action.path, item), action.value.value, action.kind);
    case UpdateKind::remove:
      break;
  }
  return value;
}

Result<std::vector<Change>> evaluate_operands(const Update& update, const AttributeSource& item) {
  std::vector<Change> changes;
  for (const UpdateAction& action : update) {
    PAGETURNER_ASSIGN_OR_RETURN(auto value, new_value(action, item));
    changes.push_back({&action.path, std::move(value)});
  }
  return changes;
}

// Indexes refer to the list before the update: values are stored before elements are removed, those
// beyond the end in the order of their indexes, and elements are removed from the highest index
// down.
bool precedes_in_order(const Change& left, const Change& right) {
  if (left.value.has_value() != right.value.has_value()) return left.value.has_value();
  return left.value ? left.path->elements < right.path->elements
                    : left.path->elements > right.path->elements;
}

}  // namespace

Result<AttributeChanges> apply_update(const Update& update, const AttributeSource& item) {
  PAGETURNER_ASSIGN_OR_RETURN(std::vector<Change> ordered, evaluate_operands(update, item));
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
