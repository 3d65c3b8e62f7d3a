#include "tests/model/write_requests.h"

#include <algorithm>
#include <array>
#include <map>

#include "tests/model/update_tables.h"

namespace pageturner::model {
namespace {

namespace json = boost::json;

// Builds the expressions of one request and collects their placeholders.
class Spelling {
 public:
  explicit Spelling(std::mt19937_64& random) : random_(random) {}

  std::string update(const std::vector<Action>& actions);
  // `binding` is the precedence of the enclosing operator: 0 none, 1 OR, 2 AND, 3 NOT.
  std::string condition(const Condition& condition, int binding = 0);
  void add_placeholders(json::object& request) const;

 private:
  bool chance(int percent) {
    return std::uniform_int_distribution<int>(1, 100)(random_) <= percent;
  }
  std::string space() { return chance(10) ? "  " : chance(5) ? "\n" : " "; }
  std::string keyword(std::string upper);
  std::string name(const std::string& name);
  std::string path(const Path& path);
  std::string operand(const Operand& operand);
  std::string action(const Action& action);
  std::string joined(const Condition& condition, const std::string& operator_text, int binding);

  std::mt19937_64& random_;
  json::object names_;
  json::object values_;
};

std::string Spelling::keyword(std::string upper) {
  if (chance(20)) {
    for (char& c : upper) c = static_cast<char>(c - 'A' + 'a');
  }
  return upper;
}

std::string Spelling::name(const std::string& name) {
  const bool is_plain =
      std::all_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  if (is_plain && chance(70)) return name;
  const std::string placeholder = "#n" + std::to_string(names_.size());
  names_[placeholder] = name;
  return placeholder;
}

std::string Spelling::path(const Path& path) {
  std::string text;
  for (const Step& step : path) {
    if (const auto* index = std::get_if<std::size_t>(&step)) {
      text += "[" + std::to_string(*index) + "]";
    } else {
      if (!text.empty()) text += ".";
      text += name(std::get<std::string>(step));
    }
  }
  return text;
}

std::string Spelling::operand(const Operand& operand) {
  if (operand.kind == OperandKind::path) return path(operand.path);
  if (operand.kind == OperandKind::literal) {
    const std::string placeholder = ":v" + std::to_string(values_.size());
    values_[placeholder] = operand.literal;
    return placeholder;
  }
  const std::string first = this->operand(operand.operands[0]);
  if (operand.kind == OperandKind::if_not_exists) {
    return "if_not_exists(" + path(operand.path) + "," + space() + first + ")";
  }
  const std::string second = this->operand(operand.operands[1]);
  if (operand.kind == OperandKind::list_append) {
    return "list_append(" + first + "," + space() + second + ")";
  }
  const char* sign = operand.kind == OperandKind::sum ? "+" : "-";
  const std::string text = first + space() + sign + space() + second;
  return chance(20) ? "(" + text + ")" : text;
}

std::string Spelling::action(const Action& action) {
  const std::string target = path(action.path);
  if (action.kind == ActionKind::remove) return target;
  const std::string value = operand(action.value);
  return action.kind == ActionKind::set ? target + space() + "=" + space() + value
                                        : target + space() + value;
}

std::string Spelling::update(const std::vector<Action>& actions) {
  constexpr std::array<const char*, 4> section_names = {"SET", "REMOVE", "ADD", "DELETE"};
  std::array<std::string, 4> sections;
  for (const Action& one : actions) {
    const auto number = static_cast<std::size_t>(one.kind);
    std::string& section = sections[number];
    section += section.empty() ? keyword(section_names[number]) + " " : "," + space();
    section += action(one);
  }
  std::shuffle(sections.begin(), sections.end(), random_);
  std::string text;
  for (const std::string& section : sections) {
    if (!text.empty() && !section.empty()) text += space();
    text += section;
  }
  return text;
}

std::string Spelling::joined(const Condition& condition, const std::string& operator_text,
                             int binding) {
  std::string text;
  for (const Condition& part : condition.parts) {
    if (!text.empty()) text += space() + keyword(operator_text) + space();
    text += this->condition(part, binding);
  }
  return text;
}

// Adds parentheses where they are required, and sometimes where they are redundant.
std::string Spelling::condition(const Condition& condition, int binding) {
  std::string text;
  int own_binding = 4;
  if (condition.kind == ConditionKind::exists) {
    text = "attribute_exists(" + path(condition.sides[0].path) + ")";
  } else if (condition.kind == ConditionKind::not_exists) {
    text = "attribute_not_exists(" + path(condition.sides[0].path) + ")";
  } else if (condition.kind == ConditionKind::compare) {
    const std::string left = operand(condition.sides[0]);
    text = left + space() + condition.comparator + space() + operand(condition.sides[1]);
  } else if (condition.kind == ConditionKind::negation) {
    own_binding = 3;
    text = keyword("NOT") + " " + this->condition(condition.parts[0], own_binding);
  } else {
    const bool is_and = condition.kind == ConditionKind::both;
    own_binding = is_and ? 2 : 1;
    text = joined(condition, is_and ? "AND" : "OR", own_binding);
  }
  return own_binding < binding || chance(10) ? "(" + text + ")" : text;
}

void Spelling::add_placeholders(json::object& request) const {
  if (!names_.empty()) request["ExpressionAttributeNames"] = names_;
  if (!values_.empty()) request["ExpressionAttributeValues"] = values_;
}

json::object attribute_updates(const std::vector<Action>& actions, std::mt19937_64& random) {
  constexpr std::array<const char*, 4> names = {"PUT", "DELETE", "ADD", "DELETE"};
  json::object updates;
  for (const Action& action : actions) {
    json::object update;
    // PUT is the default action.
    const bool may_omit = action.kind == ActionKind::set && random() % 2 == 0;
    if (!may_omit) update["Action"] = names[static_cast<std::size_t>(action.kind)];
    if (action.kind != ActionKind::remove) update["Value"] = action.value.literal;
    updates[std::get<std::string>(action.path.front())] = update;
  }
  return updates;
}

json::object expectation(const Condition& leaf, std::mt19937_64& random) {
  static const std::map<std::string, std::string> operators = {
      {"=", "EQ"}, {"<>", "NE"}, {"<", "LT"}, {"<=", "LE"}, {">", "GT"}, {">=", "GE"}};
  const bool in_first_form = random() % 2 == 0;
  if (leaf.kind == ConditionKind::exists) return {{"ComparisonOperator", "NOT_NULL"}};
  if (leaf.kind == ConditionKind::not_exists) {
    if (in_first_form) return {{"Exists", false}};
    return {{"ComparisonOperator", "NULL"}};
  }
  const json::value& value = leaf.sides[1].literal;
  if (in_first_form && leaf.comparator == "=") return {{"Value", value}};
  json::object with_list{{"ComparisonOperator", operators.at(leaf.comparator)}};
  with_list["AttributeValueList"].emplace_array().push_back(value);
  return with_list;
}

void add_legacy_parameters(json::object& request, const Write& write, std::mt19937_64& random) {
  request["AttributeUpdates"] = attribute_updates(write.actions, random);
  if (!write.condition) return;
  json::object expected;
  for (const Condition& leaf : write.condition->parts) {
    const auto& name = std::get<std::string>(leaf.sides[0].path.front());
    expected[name] = expectation(leaf, random);
  }
  const bool is_or = write.condition->kind == ConditionKind::either;
  if (expected.size() > 1 && (is_or || random() % 2 == 0)) {
    request["ConditionalOperator"] = is_or ? "OR" : "AND";
  }
  request["Expected"] = expected;
}

}  // namespace

const char* operation_name(WritingKind kind) {
  constexpr std::array<const char*, 3> names = {"PutItem", "UpdateItem", "DeleteItem"};
  return names.at(static_cast<std::size_t>(kind));
}

const char* action_name(WritingKind kind) {
  constexpr std::array<const char*, 4> names = {"Put", "Update", "Delete", "ConditionCheck"};
  return names.at(static_cast<std::size_t>(kind));
}

json::object request_of(const Write& write, std::mt19937_64& random) {
  json::object request{{"TableName", update_tables()[write.table].name}};
  if (write.kind == WritingKind::put) {
    request["Item"] = write.item;
  } else {
    request["Key"] = write.key;
  }
  if (write.shows_old_on_failure) request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD";
  if (write.form == ActionForm::legacy) {
    add_legacy_parameters(request, write, random);
    return request;
  }
  Spelling spelling(random);
  if (!write.actions.empty()) request["UpdateExpression"] = spelling.update(write.actions);
  if (write.condition) request["ConditionExpression"] = spelling.condition(*write.condition);
  spelling.add_placeholders(request);
  return request;
}

}  // namespace pageturner::model
