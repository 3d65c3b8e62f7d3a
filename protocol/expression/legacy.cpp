#include "protocol/expression/legacy.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <string>
#include <variant>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/condition.h"
#include "protocol/text.h"
#include "protocol/text_order.h"

namespace pageturner {
namespace {

// The types of value that an operator accepts.
enum class Operands { any, scalar, text };

// A ComparisonOperator: how many values it has, of which types, and the operator of the node and of
// the key condition that it becomes.
struct LegacyOperator {
  std::string_view name;
  std::size_t values_min;
  std::size_t values_max;
  Operands operands;
  std::variant<Comparator, Function, NodeKind> node_operator;
  KeyOperator key_operator;
  bool is_negated = false;
};

constexpr std::size_t many = std::numeric_limits<std::size_t>::max();
constexpr auto no_key = KeyOperator::not_indexable;

constexpr std::array<LegacyOperator, 13> operators = {{
    {"EQ", 1, 1, Operands::any, Comparator::equal, KeyOperator::equal},
    {"NE", 1, 1, Operands::any, Comparator::not_equal, no_key},
    {"LE", 1, 1, Operands::scalar, Comparator::less_or_equal, KeyOperator::less_or_equal},
    {"LT", 1, 1, Operands::scalar, Comparator::less, KeyOperator::less},
    {"GE", 1, 1, Operands::scalar, Comparator::greater_or_equal, KeyOperator::greater_or_equal},
    {"GT", 1, 1, Operands::scalar, Comparator::greater, KeyOperator::greater},
    {"BETWEEN", 2, 2, Operands::scalar, NodeKind::between, KeyOperator::between},
    {"IN", 1, many, Operands::scalar, NodeKind::in, no_key},
    {"NOT_NULL", 0, 0, Operands::any, Function::attribute_exists, no_key},
    {"NULL", 0, 0, Operands::any, Function::attribute_not_exists, no_key},
    {"CONTAINS", 1, 1, Operands::scalar, Function::contains, no_key},
    {"NOT_CONTAINS", 1, 1, Operands::scalar, Function::contains, no_key, true},
    {"BEGINS_WITH", 1, 1, Operands::text, Function::begins_with, KeyOperator::begins_with},
}};

// Requires: the name of an operator.
const LegacyOperator& find_operator(std::string_view name) {
  return *std::find_if(operators.begin(), operators.end(),
                       [&](const LegacyOperator& row) { return row.name == name; });
}

bool accepts(Operands operands, AttributeType type) {
  const bool text = type == AttributeType::s || type == AttributeType::b;
  return operands == Operands::any || text ||
         (operands == Operands::scalar && type == AttributeType::n);
}

// Returns the AttributeValueList of `condition`; empty if it is absent.
Result<std::vector<AttributeValue>> parse_values(JsonValue condition) {
  return parse_attribute_values(condition.elements_of("AttributeValueList"));
}

Result<void> check_values(const LegacyOperator& row, const std::vector<AttributeValue>& values) {
  if (values.size() < row.values_min || values.size() > row.values_max) {
    return invalid_parameter(
        concat("Invalid number of argument(s) for the ", row.name, " ComparisonOperator"));
  }
  for (const AttributeValue& value : values) {
    if (!accepts(row.operands, type_of(value))) {
      return invalid_parameter(concat("ComparisonOperator ", row.name, " is not valid for ",
                                      type_descriptor(type_of(value)), " AttributeValue type"));
    }
  }
  for (const AttributeValue& value : values) {
    if (type_of(value) != type_of(values.front())) {
      return invalid_parameter("AttributeValues inside AttributeValueList must be of same type");
    }
  }
  if (row.key_operator == KeyOperator::between && *compare_scalars(values[0], values[1]) > 0) {
    return validation_error(
        "The BETWEEN condition was provided a range where the lower bound is greater than the "
        "upper bound");
  }
  return {};
}

// Returns the condition that an attribute exists or does not exist, as one node: a request of 16 MB
// has 700,000 of them.
ExpressionNode existence_node(const std::string& attribute, Function function) {
  ExpressionNode node = path_node(attribute);
  node.function = function;
  return node;
}

// Returns the condition of `row` with `values` on an attribute.
ExpressionNode condition_node(const std::string& attribute, const LegacyOperator& row,
                              std::vector<AttributeValue> values) {
  if (row.values_max == 0) return existence_node(attribute, std::get<Function>(row.node_operator));
  std::vector<ExpressionNode> operands = operand_list(path_node(attribute));
  for (AttributeValue& value : values) operands.push_back(value_node(std::move(value)));
  ExpressionNode node = std::visit([&](auto op) { return operator_node(op, std::move(operands)); },
                                   row.node_operator);
  if (!row.is_negated) return node;
  // NOT_CONTAINS is false for an absent attribute.
  return operator_node(
      NodeKind::logical_and,
      operand_list(existence_node(attribute, Function::attribute_exists),
                   operator_node(NodeKind::logical_not, operand_list(std::move(node)))));
}

// Joins conditions by AND or OR in one node: a request may have thousands, and functions that walk
// the tree recurse once for each level.
std::optional<ExpressionNode> join_conditions(std::vector<ExpressionNode> nodes,
                                              std::string_view conditional_operator) {
  if (nodes.empty()) return std::nullopt;
  if (nodes.size() == 1) return std::move(nodes.front());
  const auto kind = conditional_operator == "OR" ? NodeKind::logical_or : NodeKind::logical_and;
  return operator_node(kind, std::move(nodes));
}

std::string_view comparison_operator(JsonValue condition) {
  const auto name = condition.find("ComparisonOperator");
  return name ? name->as_string() : std::string_view();
}

// Parses an expectation without ComparisonOperator, which has Value and Exists.
Result<ExpressionNode> parse_exists_expectation(const std::string& attribute, JsonValue json,
                                                std::vector<AttributeValue> values) {
  const auto exists = json.find("Exists");
  const bool expected_absent = exists && !json_boolean(*exists);
  if (expected_absent && !values.empty()) {
    return invalid_parameter(
        concat("Value cannot be used when Exists is false for Attribute: ", attribute));
  }
  if (!expected_absent && values.empty()) {
    return invalid_parameter(concat("Value must be provided when Exists is ",
                                    exists ? "true" : "null", " for Attribute: ", attribute));
  }
  return condition_node(attribute, find_operator(expected_absent ? "NULL" : "EQ"),
                        std::move(values));
}

Result<ExpressionNode> parse_expectation(const std::string& attribute, JsonValue json) {
  const auto value = json.find("Value");
  const auto list = json.find("AttributeValueList");
  const std::string_view comparison = comparison_operator(json);
  PAGETURNER_ASSIGN_OR_RETURN(std::vector<AttributeValue> values, parse_values(json));
  if (value) {
    PAGETURNER_ASSIGN_OR_RETURN(AttributeValue single, parse_attribute_value(*value));
    values.push_back(std::move(single));
  }
  if (value && list) {
    return invalid_parameter(
        concat("Value and AttributeValueList cannot be used together for Attribute: ", attribute));
  }
  if (comparison.empty()) {
    if (list) {
      return invalid_parameter(
          concat("AttributeValueList can only be used with a ComparisonOperator for Attribute: ",
                 attribute));
    }
    return parse_exists_expectation(attribute, json, std::move(values));
  }
  if (json.find("Exists")) {
    return invalid_parameter(
        concat("Exists and ComparisonOperator cannot be used together for Attribute: ", attribute));
  }
  const LegacyOperator& row = find_operator(comparison);
  if (!value && !list && row.values_min > 0) {
    return invalid_parameter(
        concat("Value or AttributeValueList must be used with ComparisonOperator: ", comparison,
               " for Attribute: ", attribute));
  }
  PAGETURNER_RETURN_IF_ERROR(check_values(row, values));
  return condition_node(attribute, row, std::move(values));
}

// The Action of one attribute of AttributeUpdates.
UpdateKind update_kind(JsonValue json) {
  const auto action = json.find("Action");
  if (!action || action->as_string() == "PUT") return UpdateKind::set;
  return action->as_string() == "ADD" ? UpdateKind::add : UpdateKind::erase;
}

// Refuses values of a type that the action does not accept.
Result<void> check_update_type(UpdateKind kind, AttributeType type) {
  const bool is_set =
      type == AttributeType::ss || type == AttributeType::ns || type == AttributeType::bs;
  if (kind == UpdateKind::erase && !is_set) {
    return invalid_parameter(
        concat("DELETE action with value is not supported for the type ", type_descriptor(type)));
  }
  if (kind == UpdateKind::add && !is_set && type != AttributeType::n && type != AttributeType::l) {
    return invalid_parameter(
        concat("ADD action is not supported for the type ", type_descriptor(type)));
  }
  return {};
}

}  // namespace

Result<std::vector<KeyCondition>> parse_key_conditions(JsonValue json) {
  std::vector<KeyCondition> conditions;
  for (const auto& [attribute, member] : json.members()) {
    PAGETURNER_RETURN_IF_ERROR(check_attribute_name(attribute));
    const LegacyOperator& row = find_operator(comparison_operator(member));
    PAGETURNER_ASSIGN_OR_RETURN(std::vector<AttributeValue> values, parse_values(member));
    PAGETURNER_RETURN_IF_ERROR(check_values(row, values));
    conditions.push_back(
        {std::string(attribute),
         row.key_operator,
         {std::make_move_iterator(values.begin()), std::make_move_iterator(values.end())}});
  }
  if (conditions.empty() || conditions.size() > 2) {
    return validation_error("Conditions can be of length 1 or 2 only");
  }
  return conditions;
}

Result<std::optional<ExpressionNode>> parse_filter(JsonValue json,
                                                   std::string_view conditional_operator) {
  std::vector<ExpressionNode> nodes;
  nodes.reserve(json.size());
  for (const auto& [attribute, member] : json.members()) {
    PAGETURNER_RETURN_IF_ERROR(check_attribute_name(attribute));
    const LegacyOperator& row = find_operator(comparison_operator(member));
    PAGETURNER_ASSIGN_OR_RETURN(std::vector<AttributeValue> values, parse_values(member));
    PAGETURNER_RETURN_IF_ERROR(check_values(row, values));
    nodes.push_back(condition_node(std::string(attribute), row, std::move(values)));
  }
  return join_conditions(std::move(nodes), conditional_operator);
}

Result<std::optional<ExpressionNode>> parse_expected(JsonValue json,
                                                     std::string_view conditional_operator) {
  std::vector<ExpressionNode> nodes;
  nodes.reserve(json.size());
  for (const auto& [attribute, member] : json.members()) {
    PAGETURNER_RETURN_IF_ERROR(check_attribute_name(attribute));
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode node,
                                parse_expectation(std::string(attribute), member));
    nodes.push_back(std::move(node));
  }
  return join_conditions(std::move(nodes), conditional_operator);
}

Result<Update> parse_attribute_updates(JsonValue json) {
  Update update;
  update.reserve(json.size());
  for (const auto& [attribute, member] : json.members()) {
    PAGETURNER_RETURN_IF_ERROR(check_attribute_name(attribute));
    const UpdateKind kind = update_kind(member);
    UpdateAction action{.kind = kind, .path = {{std::string(attribute)}}};
    if (const auto value = member.find("Value")) {
      PAGETURNER_ASSIGN_OR_RETURN(AttributeValue parsed, parse_attribute_value(*value));
      PAGETURNER_RETURN_IF_ERROR(check_update_type(kind, type_of(parsed)));
      action.value = value_node(std::move(parsed));
    } else if (kind == UpdateKind::erase) {
      action.kind = UpdateKind::remove;
    } else {
      return invalid_parameter(
          "Only DELETE action is allowed when no attribute value is specified");
    }
    update.push_back(std::move(action));
  }
  return update;
}

Result<std::vector<std::string_view>> parse_attributes_to_get(JsonValue json) {
  std::vector<std::string_view> names;
  names.reserve(json.size());
  Result<void> checked;
  for (const JsonValue element : json.elements()) {
    checked = check_attribute_name(element.as_string());
    if (!checked) break;
    names.push_back(element.as_string());
  }
  // A repetition before an invalid name is the first error.
  const std::size_t repetition = first_repetition(names);
  if (repetition < names.size()) {
    return invalid_parameter(concat("Duplicate value in attribute name: ", names[repetition]));
  }
  PAGETURNER_RETURN_IF_ERROR(std::move(checked));
  return names;
}

Result<void> check_conditional_operator(std::optional<JsonValue> conditional_operator,
                                        std::optional<JsonValue> conditions) {
  if (!conditional_operator) return {};
  if (!conditions || conditions->size() == 0) {
    return validation_error("ConditionalOperator cannot be used without Filter or Expected",
                            ErrorDetail::conditional_operator);
  }
  if (conditions->size() == 1) {
    return validation_error(
        "ConditionalOperator can only be used when Filter or Expected has two or more elements",
        ErrorDetail::conditional_operator);
  }
  return {};
}

}  // namespace pageturner
