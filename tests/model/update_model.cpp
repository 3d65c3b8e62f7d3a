#include "tests/model/update_model.h"

#include <algorithm>
#include <map>

namespace pageturner::model {
namespace {

namespace json = boost::json;

constexpr const char* wrong_operand =
    "An operand in the update expression has an incorrect data type";
constexpr const char* wrong_legacy_operand = "Type mismatch for attribute to update";
constexpr const char* no_such_attribute =
    "The provided expression refers to an attribute that does not exist in the item";
constexpr const char* invalid_path =
    "The document path provided in the update expression is invalid for update";

using MaybeValue = std::optional<json::value>;

// Reads operands from the item before the write, and collects errors.
class Reader {
 public:
  Reader(const json::object& item, std::set<std::string>& errors) : item_(item), errors_(errors) {}

  MaybeValue read(const Operand& operand) {
    switch (operand.kind) {
      case OperandKind::literal:
        return operand.literal;
      case OperandKind::path:
        return read_path(operand.path, nullptr);
      case OperandKind::if_not_exists:
        return read_path(operand.path, &operand.operands[0]);
      case OperandKind::list_append:
        return appended(read(operand.operands[0]), read(operand.operands[1]));
      case OperandKind::sum:
      case OperandKind::difference:
        break;
    }
    const std::int64_t sign = operand.kind == OperandKind::sum ? 1 : -1;
    return added(read(operand.operands[0]), read(operand.operands[1]), sign);
  }

  // Returns the value at the path after ADD or DELETE.
  MaybeValue combined(const Action& action) {
    const json::value* old = find_value(item_, action.path);
    const json::value& given = action.value.literal;
    const bool adds = action.kind == ActionKind::add;
    if (old == nullptr) return adds ? MaybeValue(given) : std::nullopt;
    const std::string type = type_of(given);
    if (type != type_of(*old)) return fault(wrong_operand);
    if (is_set_type(type)) return adds ? united(*old, given) : without(*old, given);
    return type == "N" ? added(*old, given, 1) : appended(*old, given);
  }

 private:
  std::nullopt_t fault(const char* text) {
    errors_.insert(text);
    return std::nullopt;
  }

  MaybeValue read_path(const Path& path, const Operand* otherwise) {
    if (const json::value* found = find_value(item_, path)) return *found;
    if (otherwise != nullptr) return read(*otherwise);
    return fault(no_such_attribute);
  }

  // Checks both operands, so that all errors are collected.
  bool have_type(const MaybeValue& left, const MaybeValue& right, const char* type) {
    for (const MaybeValue* value : {&left, &right}) {
      if (*value && type_of(**value) != type) errors_.insert(wrong_operand);
    }
    return left && right && type_of(*left) == type && type_of(*right) == type;
  }

  MaybeValue appended(const MaybeValue& left, const MaybeValue& right) {
    if (!have_type(left, right, "L")) return std::nullopt;
    json::array list = content_of(*left).as_array();
    for (const json::value& element : content_of(*right).as_array()) list.push_back(element);
    return json::object{{"L", list}};
  }

  MaybeValue added(const MaybeValue& left, const MaybeValue& right, std::int64_t sign) {
    if (!have_type(left, right, "N")) return std::nullopt;
    return number_value(hundredths_of(*left) + sign * hundredths_of(*right));
  }

  static bool has(const json::array& members, const json::value& member) {
    return std::find(members.begin(), members.end(), member) != members.end();
  }

  static MaybeValue united(const json::value& old, const json::value& given) {
    json::array members = content_of(old).as_array();
    for (const json::value& member : content_of(given).as_array()) {
      if (!has(members, member)) members.push_back(member);
    }
    return json::object{{type_of(old), members}};
  }

  static MaybeValue without(const json::value& old, const json::value& given) {
    json::array members;
    for (const json::value& member : content_of(old).as_array()) {
      if (!has(content_of(given).as_array(), member)) members.push_back(member);
    }
    if (members.empty()) return std::nullopt;
    return json::object{{type_of(old), members}};
  }

  const json::object& item_;
  std::set<std::string>& errors_;
};

// The new value of a path, or nullopt to delete the old one.
struct PathChange {
  Path path;
  MaybeValue value;
};

// Groups objects with a path by the first step, and removes that step from their paths.
template <class WithPath>
std::map<Step, std::vector<WithPath>> by_first_step(const std::vector<WithPath>& things) {
  std::map<Step, std::vector<WithPath>> groups;
  for (WithPath thing : things) {
    const Step first = thing.path.front();
    thing.path.erase(thing.path.begin());
    groups[first].push_back(thing);
  }
  return groups;
}

MaybeValue rebuilt(const json::value* old, const std::vector<PathChange>& changes,
                   std::set<std::string>& errors);

using ChangeGroups = std::map<Step, std::vector<PathChange>>;

json::value rebuilt_map(const json::object& old, const ChangeGroups& groups,
                        std::set<std::string>& errors) {
  json::object map = old;
  for (const auto& [step, below] : groups) {
    const auto& name = std::get<std::string>(step);
    const MaybeValue value = rebuilt(old.if_contains(name), below, errors);
    map.erase(name);
    if (value) map[name] = *value;
  }
  return json::object{{"M", map}};
}

// All indexes refer to the old list, so deleted elements keep their place until all changes are
// made. Elements with an index beyond the end are appended in the order of their indexes.
json::value rebuilt_list(const json::array& old, const ChangeGroups& groups,
                         std::set<std::string>& errors) {
  std::vector<MaybeValue> places(old.begin(), old.end());
  for (const auto& [step, below] : groups) {
    const std::size_t index = std::get<std::size_t>(step);
    MaybeValue value = rebuilt(old.if_contains(index), below, errors);
    if (index < old.size()) {
      places[index] = std::move(value);
    } else {
      places.push_back(std::move(value));
    }
  }
  json::array list;
  for (const MaybeValue& place : places) {
    if (place) list.push_back(*place);
  }
  return json::object{{"L", list}};
}

// Returns `old` with all of `changes` applied at once. A change with an empty path is the only one
// of its group, since paths of an update do not overlap.
MaybeValue rebuilt(const json::value* old, const std::vector<PathChange>& changes,
                   std::set<std::string>& errors) {
  if (changes.front().path.empty()) return changes.front().value;
  const bool by_name = std::holds_alternative<std::string>(changes.front().path.front());
  if (old == nullptr || type_of(*old) != (by_name ? "M" : "L")) {
    errors.insert(invalid_path);
    return std::nullopt;
  }
  const ChangeGroups groups = by_first_step(changes);
  if (by_name) return rebuilt_map(content_of(*old).as_object(), groups, errors);
  return rebuilt_list(content_of(*old).as_array(), groups, errors);
}

json::object updated(const json::object& item, const Write& write, std::set<std::string>& errors) {
  if (write.actions.empty()) return item;
  Reader reader(item, errors);
  std::vector<PathChange> changes;
  for (const Action& action : write.actions) {
    PathChange change{action.path, std::nullopt};
    if (action.kind == ActionKind::set) {
      change.value = reader.read(action.value);
    } else if (action.kind != ActionKind::remove) {
      change.value = reader.combined(action);
    }
    changes.push_back(std::move(change));
  }
  const json::value whole = json::object{{"M", item}};
  const MaybeValue made = rebuilt(&whole, changes, errors);
  if (write.form == ActionForm::legacy && errors.erase(wrong_operand) > 0) {
    errors.insert(wrong_legacy_operand);
  }
  return content_of(*made).as_object();
}

bool only_takes_away(const std::vector<Action>& actions) {
  return !actions.empty() && std::all_of(actions.begin(), actions.end(), [](const Action& action) {
    return action.kind == ActionKind::remove || action.kind == ActionKind::erase;
  });
}

struct ShownPath {
  Path path;
};

// Returns the part of a value that `paths` select, or nullopt if they select nothing.
MaybeValue projected_part(const json::value* value, const std::vector<ShownPath>& paths) {
  if (value == nullptr) return std::nullopt;
  if (paths.front().path.empty()) return *value;
  json::object map;
  json::array list;
  for (const auto& [step, below] : by_first_step(paths)) {
    const auto* name = std::get_if<std::string>(&step);
    if (type_of(*value) != (name != nullptr ? "M" : "L")) return std::nullopt;
    const json::value& content = content_of(*value);
    const auto part =
        name != nullptr ? projected_part(content.as_object().if_contains(*name), below)
                        : projected_part(content.as_array().if_contains(std::get<1>(step)), below);
    if (part && name != nullptr) map[*name] = *part;
    if (part && name == nullptr) list.push_back(*part);
  }
  if (map.empty() && list.empty()) return std::nullopt;
  if (map.empty()) return json::object{{"L", list}};
  return json::object{{"M", map}};
}

MaybeValue side_of(const Operand& side, const json::object& item) {
  if (side.kind == OperandKind::literal) return side.literal;
  const json::value* found = find_value(item, side.path);
  return found != nullptr ? MaybeValue(*found) : std::nullopt;
}

bool compares(const Condition& condition, const json::object& item) {
  const MaybeValue left = side_of(condition.sides[0], item);
  const MaybeValue right = side_of(condition.sides[1], item);
  const std::string& comparator = condition.comparator;
  const bool equal = left && right && are_equal(*left, *right);
  if (comparator == "=") return equal;
  if (comparator == "<>") return !equal;
  const auto order = left && right ? order_of(*left, *right) : std::nullopt;
  if (!order) return false;
  if (*order == 0) return comparator.size() == 2;
  return (*order < 0) == (comparator[0] == '<');
}

}  // namespace

bool evaluate_condition(const Condition& condition, const json::object& item) {
  const auto part_is_true = [&](const Condition& part) { return evaluate_condition(part, item); };
  const auto& parts = condition.parts;
  switch (condition.kind) {
    case ConditionKind::exists:
      return find_value(item, condition.sides[0].path) != nullptr;
    case ConditionKind::not_exists:
      return find_value(item, condition.sides[0].path) == nullptr;
    case ConditionKind::compare:
      return compares(condition, item);
    case ConditionKind::both:
      return std::all_of(parts.begin(), parts.end(), part_is_true);
    case ConditionKind::either:
      return std::any_of(parts.begin(), parts.end(), part_is_true);
    case ConditionKind::negation:
      break;
  }
  return !evaluate_condition(parts[0], item);
}

Outcome outcome_of(const Write& write, const MaybeItem& before) {
  Outcome outcome{.item = before};
  if (write.condition && !evaluate_condition(*write.condition, before.value_or(json::object()))) {
    outcome.condition_failed = true;
  } else if (write.kind == WritingKind::put) {
    outcome.item = write.item;
  } else if (write.kind == WritingKind::erase) {
    outcome.item.reset();
  } else if (write.kind == WritingKind::update && (before || !only_takes_away(write.actions))) {
    json::object item = updated(before.value_or(write.key), write, outcome.errors);
    if (outcome.errors.empty()) outcome.item = std::move(item);
  }
  if (outcome.item) {
    for (auto& attribute : *outcome.item) attribute.value() = with_sorted_sets(attribute.value());
  }
  return outcome;
}

MaybeItem returned_attribute_names(const std::string& return_values, const Write& update,
                                   const MaybeItem& before, const MaybeItem& after) {
  if (return_values.empty() || return_values == "NONE") return std::nullopt;
  const MaybeItem& item = return_values.ends_with("OLD") ? before : after;
  if (!item || return_values.starts_with("ALL")) return item;
  if (update.actions.empty()) return std::nullopt;
  std::vector<ShownPath> paths;
  for (const Action& action : update.actions) paths.push_back({action.path});
  const json::value whole = json::object{{"M", *item}};
  const MaybeValue shown = projected_part(&whole, paths);
  return shown ? MaybeItem(content_of(*shown).as_object()) : std::nullopt;
}

}  // namespace pageturner::model
