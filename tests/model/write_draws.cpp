#include "tests/model/write_draws.h"

#include <algorithm>

namespace pageturner::model {
namespace {

namespace json = boost::json;

const std::vector<std::string> added_types = {"N", "SS", "NS", "BS"};
const std::vector<std::string> set_types = {"SS", "NS", "BS"};

// Returns whether one update may contain both paths: neither is a prefix of the other, and at the
// first different step both have a name or both an index.
bool go_together(const Path& one, const Path& two) {
  const auto [left, right] = std::mismatch(one.begin(), one.end(), two.begin(), two.end());
  return left != one.end() && right != two.end() && left->index() == right->index();
}

Operand literal_of(json::value value) {
  return {.kind = OperandKind::literal, .literal = std::move(value)};
}

Operand path_of(Path path) { return {.kind = OperandKind::path, .path = std::move(path)}; }

bool is_one_of(const std::vector<std::string>& types, const std::string& type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

// Returns the same value with the members of sets in another order.
json::value with_reversed_sets(const json::value& value) {
  if (!is_set_type(type_of(value))) return value;
  json::array members = content_of(value).as_array();
  std::reverse(members.begin(), members.end());
  return json::object{{type_of(value), members}};
}

}  // namespace

Operand WriteDraws::literal_or_path(const json::object& item, const std::string& type) {
  if (chance(40)) return literal_of(value(type, 1));
  Operand operand = path_of(path(item, {type}));
  if (chance(60)) return operand;
  operand.kind = OperandKind::if_not_exists;
  operand.operands = {literal_of(value(type, 1))};
  return operand;
}

// Returns the operand of a SET action.
Operand WriteDraws::operand(const json::object& item) {
  const int which = number(1, 100);
  if (which <= 45) return literal_of(value(type(), 2));
  if (which <= 58) return path_of(path(item, every_type()));
  if (which <= 70) {
    Operand operand{.kind = OperandKind::if_not_exists, .path = path(item, every_type())};
    operand.operands = {chance(80) ? literal_of(value(type(), 1)) : path_of(path_nearby(item))};
    return operand;
  }
  const auto kind = which <= 80   ? OperandKind::list_append
                    : which <= 92 ? OperandKind::sum
                                  : OperandKind::difference;
  const char* type = kind == OperandKind::list_append ? "L" : "N";
  return {.kind = kind, .operands = {literal_or_path(item, type), literal_or_path(item, type)}};
}

Action WriteDraws::set_action(const json::object& item) {
  Action action{.path = chance(50) ? path_nearby(item) : path(item, every_type())};
  action.value = operand(item);
  const auto* name = std::get_if<std::string>(&action.path.back());
  const bool is_literal = action.value.kind == OperandKind::literal;
  if (name != nullptr && is_literal && chance(70)) action.value.literal = value_for(*name, 2);
  return action;
}

// Returns a literal of one of `types` for ADD or DELETE, usually of the type of `old`.
Operand WriteDraws::combined_literal(const json::value* old,
                                     const std::vector<std::string>& types) {
  const std::string type = old != nullptr ? type_of(*old) : "";
  return literal_of(value(is_one_of(types, type) && chance(95) ? type : one_of(types), 1));
}

// Returns an ADD or DELETE action.
Action WriteDraws::combining_action(const json::object& item, ActionKind kind) {
  const auto& types = kind == ActionKind::add ? added_types : set_types;
  Action action{.kind = kind, .path = path(item, types)};
  action.value = combined_literal(find_value(item, action.path), types);
  return action;
}

Action WriteDraws::action(const json::object& item) {
  const int which = number(1, 100);
  if (which <= 50) return set_action(item);
  if (which <= 70) {
    return {.kind = ActionKind::remove,
            .path = chance(80) ? path(item, every_type()) : path_nearby(item)};
  }
  return combining_action(item, which <= 86 ? ActionKind::add : ActionKind::erase);
}

// Returns an action that adds the item to an index, removes it or moves it.
Action WriteDraws::index_action(ActionForm form) {
  const std::string attribute = chance(50) ? "g" : "r";
  Action action{.path = {attribute}, .value = literal_of(index_value(attribute))};
  const int which = number(1, 100);
  if (which <= 35) {
    action.kind = ActionKind::remove;
  } else if (which <= 60 && attribute == "r") {
    action.kind = ActionKind::add;
  } else if (which <= 75 && form == ActionForm::expression) {
    action.value = {.kind = OperandKind::if_not_exists,
                    .path = {attribute},
                    .operands = {literal_of(index_value(attribute))}};
  }
  return action;
}

// Returns an action of AttributeUpdates: on a whole attribute, with a literal.
Action WriteDraws::legacy_action(const json::object& item) {
  static const std::vector<std::string> legacy_added_types = {"N", "SS", "NS", "BS", "L"};
  const std::string attribute = name();
  const int which = number(1, 100);
  if (which <= 15) return {.kind = ActionKind::remove, .path = {attribute}};
  Action action{.path = {attribute}, .value = literal_of(value_for(attribute, 2))};
  if (which <= 50) return action;
  action.kind = which <= 85 ? ActionKind::add : ActionKind::erase;
  const auto& types = action.kind == ActionKind::add ? legacy_added_types : set_types;
  // Without an old value the usual type of the name makes the action valid more often.
  const json::value* old = item.if_contains(attribute);
  const bool fits = old == nullptr && is_one_of(types, usual_type(attribute));
  action.value = fits ? literal_of(value(usual_type(attribute), 1)) : combined_literal(old, types);
  return action;
}

// Returns actions on compatible paths; some are siblings in one list or map.
std::vector<Action> WriteDraws::actions(const json::object& item, ActionForm form) {
  std::vector<Action> actions;
  for (int i = number(1, 5); i > 0; --i) {
    const bool is_legacy = form == ActionForm::legacy;
    Action drawn = chance(20) ? index_action(form) : is_legacy ? legacy_action(item) : action(item);
    const bool is_nested = !actions.empty() && actions.back().path.size() > 1;
    if (is_nested && chance(60)) drawn.path = path_beside(actions.back().path);
    const bool fits = std::all_of(actions.begin(), actions.end(), [&](const Action& other) {
      return go_together(other.path, drawn.path);
    });
    if (fits) actions.push_back(std::move(drawn));
  }
  return actions;
}

// Compares the value at `path` with a value close to it.
Condition WriteDraws::comparison(const json::object& item, const Path& path) {
  static const std::vector<std::string> comparators = {"=", "<>", "<", "<=", ">", ">="};
  static const std::vector<std::string> ordered_types = {"S", "N", "B"};
  Condition condition{.kind = ConditionKind::compare, .comparator = one_of(comparators)};
  const bool is_order = condition.comparator != "=" && condition.comparator != "<>";
  const json::value* old = find_value(item, path);
  std::string type = old != nullptr && chance(90) ? type_of(*old) : this->type();
  // Literals of other types are invalid with an order comparator.
  if (is_order && !is_one_of(ordered_types, type)) type = one_of(ordered_types);
  json::value literal = value(type, 1);
  if (old != nullptr && type == type_of(*old) && chance(40)) literal = with_reversed_sets(*old);
  condition.sides = {path_of(path), literal_of(std::move(literal))};
  return condition;
}

Condition WriteDraws::leaf(const json::object& item, const Path& path) {
  const int which = number(1, 100);
  if (which <= 60) return comparison(item, path);
  return {.kind = which <= 80 ? ConditionKind::exists : ConditionKind::not_exists,
          .sides = {path_of(path)}};
}

Condition WriteDraws::condition(const json::object& item, int depth) {
  if (depth > 0 && chance(45)) {
    const int which = number(0, 2);
    Condition node{.kind = which == 0   ? ConditionKind::both
                           : which == 1 ? ConditionKind::either
                                        : ConditionKind::negation};
    for (int i = which == 2 ? 1 : number(2, 3); i > 0; --i) {
      node.parts.push_back(condition(item, depth - 1));
    }
    return node;
  }
  static const std::vector<std::string> key_names = {"p", "q", "g", "r"};
  const Path path = chance(20) ? Path{one_of(key_names)} : this->path(item, every_type());
  Condition node = leaf(item, path);
  if (node.kind != ConditionKind::compare) return node;
  if (chance(15)) {
    const Path other = this->path(item, every_type());
    if (other != path) node.sides[1] = path_of(other);
  }
  if (chance(20)) std::swap(node.sides[0], node.sides[1]);
  return node;
}

// Returns an Expected: one condition on each of several attributes, joined by AND or OR.
Condition WriteDraws::legacy_condition(const json::object& item) {
  std::vector<std::string> attributes = attribute_names();
  attributes.insert(attributes.end(), {"p", "g", "r"});
  shuffle(attributes);
  attributes.resize(static_cast<std::size_t>(number(1, 3)));
  Condition all{.kind = chance(50) ? ConditionKind::both : ConditionKind::either};
  for (const std::string& attribute : attributes) all.parts.push_back(leaf(item, {attribute}));
  return all;
}

// Drops most conditions that fail, since a failed condition tests no update.
std::optional<Condition> WriteDraws::likely(Condition condition, const json::object& item) {
  if (!evaluate_condition(condition, item) && chance(65)) return std::nullopt;
  return condition;
}

Write WriteDraws::write(WritingKind kind, std::size_t table, const json::object& key,
                        const MaybeItem& before) {
  const json::object old = before.value_or(json::object());
  Write write{.kind = kind, .table = table, .key = key};
  if (kind == WritingKind::put) write.item = item(key);
  if (kind == WritingKind::update) write.actions = actions(old, ActionForm::expression);
  if (kind == WritingKind::check) {
    write.condition = condition(old, 2);
    if (!evaluate_condition(*write.condition, old) && chance(80)) {
      write.condition = {.kind = ConditionKind::negation, .parts = {*write.condition}};
    }
  } else if (chance(40)) {
    write.condition = likely(condition(old, 2), old);
  }
  write.shows_old_on_failure = chance(50);
  return write;
}

Write WriteDraws::legacy_update(std::size_t table, const json::object& key,
                                const MaybeItem& before) {
  const json::object old = before.value_or(json::object());
  Write write{.table = table, .key = key, .form = ActionForm::legacy};
  write.actions = actions(old, ActionForm::legacy);
  if (chance(40)) write.condition = likely(legacy_condition(old), old);
  write.shows_old_on_failure = chance(50);
  return write;
}

}  // namespace pageturner::model
