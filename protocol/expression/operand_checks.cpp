#include "protocol/expression/operand_checks.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/condition.h"
#include "protocol/limits.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

Error wrong_operand_type(const ExpressionNode& node, std::string_view type) {
  return validation_error(
      concat("Incorrect operand type for operator or function; operator or function: ",
             operator_name(node), ", operand type: ", type));
}

// The type of a function's result.
std::optional<AttributeType> result_type(Function function) {
  switch (function) {
    case Function::size:
      return AttributeType::n;
    case Function::list_append:
      return AttributeType::l;
    case Function::attribute_exists:
    case Function::attribute_not_exists:
    case Function::attribute_type:
    case Function::begins_with:
    case Function::contains:
    case Function::if_not_exists:
    case Function::unknown:
      break;
  }
  return std::nullopt;
}

// The type of an operand, if it does not depend on the item.
std::optional<AttributeType> known_type(const ExpressionNode& operand) {
  if (operand.kind == NodeKind::value) return type_of(operand.value);
  if (operand.kind == NodeKind::function) return result_type(operand.function);
  return std::nullopt;
}

// Refuses operands with a known type that is not in `allowed`.
Result<void> check_operand_types(const ExpressionNode& node,
                                 std::initializer_list<AttributeType> allowed) {
  for (const ExpressionNode& operand : node.operands) {
    const auto type = known_type(operand);
    if (type && std::find(allowed.begin(), allowed.end(), *type) == allowed.end()) {
      return wrong_operand_type(node, type_descriptor(*type));
    }
  }
  return {};
}

Result<void> check_operand_count(const ExpressionNode& node, std::size_t count) {
  if (node.operands.size() == count) return {};
  return validation_error(
      concat("Incorrect number of operands for operator or function; operator or function: ",
             operator_name(node), ", number of operands: ", node.operands.size()));
}

Result<void> check_distinct_operands(const ExpressionNode& node) {
  const ExpressionNode& first = node.operands.front();
  if (first.kind != NodeKind::path) return {};
  const bool repeated =
      std::any_of(node.operands.begin() + 1, node.operands.end(), [&](const ExpressionNode& other) {
        return other.kind == NodeKind::path && other.path == first.path;
      });
  if (!repeated) return {};
  return validation_error(
      concat("The first operand must be distinct from the remaining operands for this operator or "
             "function; operator: ",
             operator_name(node), ", first operand: ", to_string(first.path)));
}

std::string format_value(const AttributeValue& value) {
  std::string text = "AttributeValue: {";
  text += type_descriptor(type_of(value));
  text += ':';
  if (const auto* string = value.get_if<std::string>()) {
    text += *string;
  } else if (const auto* number = value.get_if<Number>()) {
    text += number->to_string();
  } else {
    append_attribute_value(text, value);
  }
  return text += "}";
}

Result<void> check_bounds(const ExpressionNode& node) {
  const ExpressionNode& lower = node.operands[1];
  const ExpressionNode& upper = node.operands[2];
  if (lower.kind != NodeKind::value || upper.kind != NodeKind::value) return {};
  const auto order = compare_scalars(lower.value, upper.value);
  if (order && *order <= 0) return {};
  return validation_error(concat("The BETWEEN operator requires ",
                                 order ? "upper bound to be greater than or equal to lower bound"
                                       : "same data type for lower and upper bounds",
                                 "; lower bound operand: ", format_value(lower.value),
                                 ", upper bound operand: ", format_value(upper.value)));
}

Result<void> check_attribute_type(const ExpressionNode& node) {
  PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 2));
  const ExpressionNode& type = node.operands[1];
  const auto known = known_type(type);
  if (!known) return wrong_operand_type(node, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
  if (*known != AttributeType::s) return wrong_operand_type(node, type_descriptor(*known));
  constexpr std::array<std::string_view, 10> names = {"B",  "NULL", "SS", "BOOL", "L",
                                                      "BS", "N",    "NS", "S",    "M"};
  const auto& name = type.value->as<std::string>();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    return validation_error(concat("Invalid attribute type name found; type: ", name,
                                   ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}"));
  }
  return {};
}

// Checks the number of operands, and that the first is a path.
Result<void> check_path_first(const ExpressionNode& node, std::size_t count) {
  PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, count));
  if (node.operands[0].kind == NodeKind::path) return {};
  return validation_error(
      concat("Operator or function requires a document path; operator or function: ",
             operator_name(node)));
}

Result<void> check_function_operands(const ExpressionNode& node) {
  switch (node.function) {
    case Function::attribute_exists:
    case Function::attribute_not_exists:
      return check_path_first(node, 1);
    case Function::if_not_exists:
      return check_path_first(node, 2);
    case Function::list_append:
      PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 2));
      return check_operand_types(node, {AttributeType::l});
    case Function::size:
      PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 1));
      return check_operand_types(
          node, {AttributeType::s, AttributeType::b, AttributeType::ss, AttributeType::ns,
                 AttributeType::bs, AttributeType::l, AttributeType::m});
    case Function::attribute_type:
      PAGETURNER_RETURN_IF_ERROR(check_attribute_type(node));
      return check_distinct_operands(node);
    case Function::begins_with:
      PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 2));
      PAGETURNER_RETURN_IF_ERROR(check_operand_types(node, {AttributeType::s, AttributeType::b}));
      return check_distinct_operands(node);
    case Function::contains:
      PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 2));
      return check_distinct_operands(node);
    case Function::unknown:
      break;  // the parsers refuse it
  }
  return {};
}

// <, <=, > and >= compare values that have an order; = and <> any values.
Result<void> check_comparator_types(const ExpressionNode& node) {
  switch (node.comparator) {
    case Comparator::equal:
    case Comparator::not_equal:
      return {};
    case Comparator::less:
    case Comparator::less_or_equal:
    case Comparator::greater:
    case Comparator::greater_or_equal:
      break;
  }
  return check_operand_types(node, {AttributeType::s, AttributeType::n, AttributeType::b});
}

// The names of types in the error for ADD and DELETE.
std::string_view long_type_name(AttributeType type) {
  constexpr std::array<std::string_view, 10> names = {
      "NULL",       "BOOLEAN",    "STRING",     "NUMBER", "BINARY",
      "STRING_SET", "NUMBER_SET", "BINARY_SET", "LIST",   "MAP"};
  return names[static_cast<std::size_t>(type)];
}

// Checks the type of the value of ADD and DELETE. Accepts SET and REMOVE.
Result<void> check_action_value(const UpdateAction& action) {
  if (action.kind != UpdateKind::add && action.kind != UpdateKind::erase) return {};
  const AttributeType type = type_of(action.value.value);
  const bool is_set =
      type == AttributeType::ss || type == AttributeType::ns || type == AttributeType::bs;
  const bool is_add = action.kind == UpdateKind::add;
  if (is_set || (is_add && type == AttributeType::n)) return {};
  return validation_error(concat(
      "Incorrect operand type for operator or function; operator: ", is_add ? "ADD" : "DELETE",
      ", operand type: ", long_type_name(type)));
}

// Checks the operands of `node` and below it, the innermost first.
Result<void> check_all_operands(const ExpressionNode& node) {
  for (const ExpressionNode& operand : node.operands) {
    PAGETURNER_RETURN_IF_ERROR(check_all_operands(operand));
  }
  return check_operands(node);
}

}  // namespace

Result<void> check_operands(const ExpressionNode& node) {
  switch (node.kind) {
    case NodeKind::function:
      return check_function_operands(node);
    case NodeKind::compare:
      PAGETURNER_RETURN_IF_ERROR(check_comparator_types(node));
      return check_distinct_operands(node);
    case NodeKind::between:
      PAGETURNER_RETURN_IF_ERROR(
          check_operand_types(node, {AttributeType::s, AttributeType::n, AttributeType::b}));
      PAGETURNER_RETURN_IF_ERROR(check_distinct_operands(node));
      return check_bounds(node);
    case NodeKind::in:
      if (node.operands.size() > limits::in_operands_max + 1) {
        return validation_error(
            concat("The IN operator is provided with too many operands; number of operands: ",
                   node.operands.size() - 1));
      }
      return check_distinct_operands(node);
    case NodeKind::arithmetic:
      return check_operand_types(node, {AttributeType::n});
    case NodeKind::path:
    case NodeKind::value:
    case NodeKind::logical_and:
    case NodeKind::logical_or:
    case NodeKind::logical_not:
      break;
  }
  return {};
}

Result<void> check_update_operands(const Update& update) {
  for (const UpdateAction& action : update) PAGETURNER_RETURN_IF_ERROR(check_action_value(action));
  for (const UpdateAction& action : update) {
    if (action.kind != UpdateKind::set) continue;
    PAGETURNER_RETURN_IF_ERROR(check_all_operands(action.value));
  }
  return {};
}

}  // namespace pageturner
