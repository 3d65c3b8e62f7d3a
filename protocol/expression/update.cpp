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

// Returns the value of `value` if it is a single one, else nullptr.
const AttributeValue* single(const NewValue& value) {
  if (const auto* existing = std::get_if<const AttributeValue*>(&value.content)) return *existing;
  return std::get_if<AttributeValue>(&value.content);
}

Result<NewValue> evaluate_operand(const ExpressionNode& node, const AttributeSource& item);

// Appends the lists of `value` to `parts`. Returns false if it is not a list.
bool append_parts(NewValue value, std::vector<const AttributeValue*>& parts) {
  if (const auto* joined = std::get_if<NewValue::JoinedLists>(&value.content)) {
    parts.insert(parts.end(), joined->parts.begin(), joined->parts.end());
    return true;
  }
  // Only sums are values of their own, and they are no lists.
  const auto* list = std::get_if<const AttributeValue*>(&value.content);
  if (list == nullptr || type_of(**list) != AttributeType::l) return false;
  parts.push_back(*list);
  return true;
}

Result<NewValue> append_lists(const ExpressionNode& node, const AttributeSource& item) {
  PAGETURNER_ASSIGN_OR_RETURN(NewValue first, evaluate_operand(node.operands[0], item));
  PAGETURNER_ASSIGN_OR_RETURN(NewValue second, evaluate_operand(node.operands[1], item));
  NewValue::JoinedLists joined;
  if (!append_parts(std::move(first), joined.parts)) return wrong_operand();
  if (!append_parts(std::move(second), joined.parts)) return wrong_operand();
  return NewValue{std::move(joined)};
}

Result<NewValue> calculate(const ExpressionNode& node, const AttributeSource& item) {
  PAGETURNER_ASSIGN_OR_RETURN(const NewValue left, evaluate_operand(node.operands[0], item));
  PAGETURNER_ASSIGN_OR_RETURN(const NewValue right, evaluate_operand(node.operands[1], item));
  const auto number_of = [](const NewValue& operand) {
    const AttributeValue* value = single(operand);
    return value != nullptr ? value->get_if<Number>() : nullptr;
  };
  const Number* first = number_of(left);
  const Number* second = number_of(right);
  if (first == nullptr || second == nullptr) return wrong_operand();
  PAGETURNER_ASSIGN_OR_RETURN(const Number result, node.arithmetic == Arithmetic::add
                                                       ? Number::add(*first, *second)
                                                       : Number::subtract(*first, *second));
  return NewValue{AttributeValue{result}};
}

Result<NewValue> evaluate_function(const ExpressionNode& node, const AttributeSource& item) {
  switch (node.function) {
    case Function::if_not_exists:
      if (const AttributeValue* found = find_path(node.operands[0].path, item)) {
        return NewValue{found};
      }
      return evaluate_operand(node.operands[1], item);
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
Result<NewValue> evaluate_operand(const ExpressionNode& node, const AttributeSource& item) {
  switch (node.kind) {
    case NodeKind::value:
      return NewValue{&node.value.get()};
    case NodeKind::path:
      if (const AttributeValue* found = find_path(node.path, item)) return NewValue{found};
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
  } else if (left.size() < right.size() / 16) {
    // One large set may be deleted from hundreds of small ones.
    std::copy_if(left.begin(), left.end(), out, [&](const auto& member) {
      return !std::binary_search(right.begin(), right.end(), member);
    });
  } else {
    std::set_difference(left.begin(), left.end(), right.begin(), right.end(), out);
  }
  return combined;
}

// ADD or DELETE on sets. Returns nullopt for an empty set, which cannot be stored.
template <class Set>
std::optional<AttributeValue> combine_as(const NewValue::CombinedSets& sets) {
  Set combined = combine(sets.old->as<Set>(), sets.operand->as<Set>(), sets.kind);
  if (combined.members.empty()) return std::nullopt;
  return AttributeValue{std::move(combined)};
}

std::optional<AttributeValue> combine_sets_of(const NewValue::CombinedSets& sets) {
  if (type_of(*sets.old) == AttributeType::ss) return combine_as<StringSet>(sets);
  if (type_of(*sets.old) == AttributeType::ns) return combine_as<NumberSet>(sets);
  return combine_as<BinarySet>(sets);
}

// ADD or DELETE on the value `old`; nullptr if absent. Returns nullopt if no value remains.
Result<std::optional<NewValue>> add_or_erase(const AttributeValue* old,
                                             const AttributeValue& operand, UpdateKind kind) {
  std::optional<NewValue> result;
  if (old == nullptr) {
    if (kind == UpdateKind::add) result = NewValue{&operand};
    return result;
  }
  if (type_of(*old) != type_of(operand)) return wrong_operand();
  switch (type_of(operand)) {
    case AttributeType::ss:
    case AttributeType::ns:
    case AttributeType::bs:
      result = NewValue{NewValue::CombinedSets{old, &operand, kind}};
      return result;
    case AttributeType::n: {
      PAGETURNER_ASSIGN_OR_RETURN(const Number sum,
                                  Number::add(old->as<Number>(), operand.as<Number>()));
      result = NewValue{AttributeValue{sum}};
      return result;
    }
    case AttributeType::l:  // AttributeUpdates only; check_update_operands() refuses it otherwise
      result = NewValue{NewValue::JoinedLists{{old, &operand}}};
      return result;
    case AttributeType::null:
    case AttributeType::boolean:
    case AttributeType::s:
    case AttributeType::b:
    case AttributeType::m:
      break;
  }
  return wrong_operand();
}

// Returns the value for AttributeChanges. Requires: sets are combined.
AttributeValue materialize(NewValue value) {
  if (const auto* existing = std::get_if<const AttributeValue*>(&value.content)) return **existing;
  if (auto* owned = std::get_if<AttributeValue>(&value.content)) return std::move(*owned);
  List list;
  const auto& parts = std::get<NewValue::JoinedLists>(value.content).parts;
  std::size_t count = 0;
  for (const AttributeValue* part : parts) count += part->as<List>().elements.size();
  list.elements.reserve(count);
  for (const AttributeValue* part : parts) {
    const auto& elements = part->as<List>().elements;
    list.elements.insert(list.elements.end(), elements.begin(), elements.end());
  }
  return AttributeValue{std::move(list)};
}

// Checks that the value that contains `path` exists and has the type that the last element needs.
Result<void> check_parent(const DocumentPath& path, const AttributeSource& item) {
  if (path.is_top_level()) return {};
  const AttributeValue* parent = find_parent(path, item);
  const bool by_name = std::holds_alternative<std::string>(path.elements.back());
  const auto type = by_name ? AttributeType::m : AttributeType::l;
  if (parent == nullptr || type_of(*parent) != type) return invalid_path();
  return {};
}

// Stores `value` in the map or list `parent` under the last element of its path.
void put_into(AttributeValue& parent, const PathElement& element, AttributeValue value) {
  if (const auto* name = std::get_if<std::string>(&element)) {
    std::get<Map>(parent.data).put(*name, std::move(value));
    return;
  }
  auto& elements = std::get<List>(parent.data).elements;
  const std::size_t index = std::get<std::size_t>(element);
  if (index < elements.size()) {
    elements[index] = std::move(value);
  } else {
    elements.push_back(std::move(value));  // an index beyond the end appends
  }
}

// Removes the last element of a path from the map or list `parent`. `existed`: whether it was there
// before the update; a list element that another action has stored since is kept.
void remove_from(AttributeValue& parent, const PathElement& element, bool existed) {
  if (const auto* name = std::get_if<std::string>(&element)) {
    std::get<Map>(parent.data).erase(*name);
  } else if (existed) {
    auto& elements = std::get<List>(parent.data).elements;
    elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(std::get<std::size_t>(element)));
  }
}

// The bytes that the value at `path` adds to the size of the item beyond its own.
std::size_t overhead_bytes(const DocumentPath& path) {
  const auto* name = std::get_if<std::string>(&path.elements.back());
  const std::size_t name_bytes = name != nullptr ? name->size() : 0;
  return path.is_top_level() ? name_bytes : name_bytes + element_overhead_bytes;
}

// Returns the value to store at the path of `action`, or nullopt to remove it. `old` is there now.
Result<std::optional<NewValue>> new_value(const UpdateAction& action, const AttributeValue* old,
                                          const AttributeSource& item) {
  std::optional<NewValue> value;
  switch (action.kind) {
    case UpdateKind::set: {
      PAGETURNER_ASSIGN_OR_RETURN(value, evaluate_operand(action.value, item));
      break;
    }
    case UpdateKind::add:
    case UpdateKind::erase:
      return add_or_erase(old, action.value.value, action.kind);
    case UpdateKind::remove:
      break;
  }
  return value;
}

}  // namespace

Result<EvaluatedUpdate> EvaluatedUpdate::evaluate(const Update& update,
                                                  const AttributeSource& item) {
  EvaluatedUpdate evaluated(item);
  evaluated.changes_.reserve(update.size());
  for (const UpdateAction& action : update) {
    const AttributeValue* old = find_path(action.path, item);
    PAGETURNER_ASSIGN_OR_RETURN(auto value, new_value(action, old, item));
    evaluated.changes_.push_back({&action.path, old, std::move(value)});
  }
  for (const UpdateAction& action : update) {
    PAGETURNER_RETURN_IF_ERROR(check_parent(action.path, item));
  }
  return evaluated;
}

const AttributeValue* EvaluatedUpdate::find(std::string_view name) const {
  const auto changed = std::find_if(changes_.begin(), changes_.end(), [&](const Change& change) {
    return change.path->is_top_level() && change.path->top_level_name() == name;
  });
  if (changed == changes_.end()) return item_->find(name);
  if (!changed->value) return nullptr;
  if (const AttributeValue* value = single(*changed->value)) return value;
  if (const auto* sets = std::get_if<NewValue::CombinedSets>(&changed->value->content)) {
    return combine_sets_of(*sets) ? sets->old : nullptr;
  }
  return std::get<NewValue::JoinedLists>(changed->value->content).parts.front();
}

// Indexes refer to the list before the update: values are stored before elements are removed, those
// beyond the end in the order of their indexes, and elements are removed from the highest index
// down.
bool EvaluatedUpdate::precedes_in_order(const Change& left, const Change& right) {
  if (left.value.has_value() != right.value.has_value()) return left.value.has_value();
  return left.value ? left.path->elements < right.path->elements
                    : left.path->elements > right.path->elements;
}

EvaluatedUpdate::Measure EvaluatedUpdate::measure(const AttributeValue& value) {
  if (is_scalar(value)) return {size_bytes(value), 0};
  const auto known = measures_.find(&value);
  if (known != measures_.end()) return known->second;
  const Measure made{size_bytes(value), pageturner::nesting_levels(value)};
  measures_.emplace(&value, made);
  return made;
}

// Of sets that are not combined yet: the least size that they can have.
EvaluatedUpdate::Measure EvaluatedUpdate::measure(const NewValue& value) {
  if (const auto* existing = std::get_if<const AttributeValue*>(&value.content)) {
    return measure(**existing);
  }
  // Its address is not that of a value that was measured before: it is a number or a combined set,
  // which are not measured twice.
  if (const auto* owned = std::get_if<AttributeValue>(&value.content)) {
    return {size_bytes(*owned), 0};
  }
  if (const auto* sets = std::get_if<NewValue::CombinedSets>(&value.content)) {
    if (sets->kind == UpdateKind::erase) return {0, 0};
    return {std::max(measure(*sets->old).size_bytes, measure(*sets->operand).size_bytes), 0};
  }
  Measure joined{document_overhead_bytes, 0};
  for (const AttributeValue* part : std::get<NewValue::JoinedLists>(value.content).parts) {
    const Measure its = measure(*part);
    joined.size_bytes += its.size_bytes - document_overhead_bytes;
    joined.levels = std::max(joined.levels, its.levels);
  }
  return joined;
}

int EvaluatedUpdate::nesting_levels() {
  int deepest = 0;
  for (const Change& change : changes_) {
    if (!change.value) continue;
    const int above = static_cast<int>(change.path->elements.size()) - 1;
    deepest = std::max(deepest, above + measure(*change.value).levels);
  }
  return deepest;
}

// Returns whether there were sets to combine.
bool EvaluatedUpdate::combine_sets() {
  bool any = false;
  for (Change& change : changes_) {
    if (!change.value) continue;
    const auto* sets = std::get_if<NewValue::CombinedSets>(&change.value->content);
    if (sets == nullptr) continue;
    any = true;
    auto combined = combine_sets_of(*sets);
    if (combined) {
      change.value = NewValue{*std::move(combined)};
    } else {
      change.value.reset();
    }
  }
  return any;
}

std::optional<std::size_t> EvaluatedUpdate::updated_size_bytes(std::size_t old_size_bytes,
                                                               std::size_t size_bytes_max) {
  // The size of what is added; nullopt if it alone is too large.
  const auto added_bytes = [&]() -> std::optional<std::size_t> {
    std::size_t added = 0;
    for (const Change& change : changes_) {
      if (!change.value) continue;
      added += overhead_bytes(*change.path) + measure(*change.value).size_bytes;
      if (added > size_bytes_max) return std::nullopt;
    }
    return added;
  };
  auto added = added_bytes();
  if (added && combine_sets()) added = added_bytes();
  if (!added) return std::nullopt;
  std::size_t updated = old_size_bytes + *added;
  for (const Change& change : changes_) {
    if (change.old == nullptr) continue;
    updated -= overhead_bytes(*change.path) + measure(*change.old).size_bytes;
  }
  return updated <= size_bytes_max ? std::optional(updated) : std::nullopt;
}

// Adds one change to `changes`. Paths are resolved in the item before the update.
void EvaluatedUpdate::apply_change(AttributeChanges& changes, Change change) const {
  const std::string& name = change.path->top_level_name();
  std::optional<AttributeValue> value;
  if (change.value) value = materialize(*std::move(change.value));
  if (change.path->is_top_level()) {
    changes.insert_or_assign(name, std::move(value));
    return;
  }
  auto changed = changes.find(name);
  if (changed == changes.end()) changed = changes.emplace(name, *item_->find(name)).first;
  // Paths are disjoint, so no other change has removed or replaced the parent.
  AttributeValue* parent = find_parent(*change.path, *changed->second);
  const PathElement& last = change.path->elements.back();
  if (value) {
    put_into(*parent, last, *std::move(value));
  } else {
    remove_from(*parent, last, change.old != nullptr);
  }
}

AttributeChanges EvaluatedUpdate::build() {
  combine_sets();
  // Changes of whole attributes, which are disjoint, have no order.
  const auto is_top_level = [](const Change& change) { return change.path->is_top_level(); };
  if (!std::all_of(changes_.begin(), changes_.end(), is_top_level)) {
    std::sort(changes_.begin(), changes_.end(), precedes_in_order);
  }
  AttributeChanges changes;
  for (Change& change : changes_) apply_change(changes, std::move(change));
  return changes;
}

Result<AttributeChanges> apply_update(const Update& update, const AttributeSource& item) {
  PAGETURNER_ASSIGN_OR_RETURN(EvaluatedUpdate evaluated, EvaluatedUpdate::evaluate(update, item));
  return evaluated.build();
}

std::vector<const DocumentPath*> touched_paths(const Update& update) {
  std::vector<const DocumentPath*> paths;
  for (const UpdateAction& action : update) paths.push_back(&action.path);
  return paths;
}

}  // namespace pageturner
