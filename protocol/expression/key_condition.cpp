#include "protocol/expression/key_condition.h"

#include <algorithm>
#include <array>

#include "protocol/expression/condition.h"

namespace pageturner {
namespace {

constexpr std::string_view verified_prefix = "Invalid KeyConditionExpression: ";

// Refuses, in the order of the text, every operator and function that no key condition has.
Result<void> check_operators(const ExpressionNode& node) {
  const auto invalid = [](std::string_view name) {
    return validation_error("Invalid operator used in KeyConditionExpression: " +
                            std::string(name));
  };
  const bool odd_compare = node.kind == NodeKind::compare && node.text == "<>";
  const bool odd_function = node.kind == NodeKind::function && node.text != "begins_with" &&
                            node.text != "size";  // size() is judged as an operand
  if (odd_compare || odd_function || node.kind == NodeKind::logical_or ||
      node.kind == NodeKind::logical_not || node.kind == NodeKind::in) {
    return invalid(operator_name(node));
  }
  for (const ExpressionNode& operand : node.operands)
    PAGETURNER_RETURN_IF_ERROR(check_operators(operand));
  return {};
}

// The one operand that names the key attribute; the others are values.
Result<std::size_t> find_key_operand(const ExpressionNode& node) {
  const auto has_kind = [](NodeKind kind) {
    return [kind](const ExpressionNode& operand) { return operand.kind == kind; };
  };
  const auto& operands = node.operands;
  if (std::any_of(operands.begin(), operands.end(), has_kind(NodeKind::function))) {
    return validation_error("KeyConditionExpressions cannot contain nested operations");
  }
  const auto first = std::find_if(operands.begin(), operands.end(), has_kind(NodeKind::path));
  if (first == operands.end()) {
    return validation_error(
        "Invalid condition in KeyConditionExpression: No key attribute specified");
  }
  if (first != operands.begin() && node.kind != NodeKind::compare) {
    return validation_error(
        "Invalid condition in KeyConditionExpression: " + std::string(operator_name(node)) +
        " operator must have the key attribute as its first operand");
  }
  if (std::any_of(first + 1, operands.end(), has_kind(NodeKind::path))) {
    return validation_error(
        "Invalid condition in KeyConditionExpression: Multiple attribute names used in one "
        "condition");
  }
  if (!first->path.is_top_level()) {
    return validation_error(std::string(verified_prefix) +
                            "KeyConditionExpressions cannot have conditions on nested attributes");
  }
  return static_cast<std::size_t>(first - operands.begin());
}

KeyOperator compare_operator(std::string_view text, bool key_first) {
  if (text == "=") return KeyOperator::equal;
  if (text == (key_first ? "<" : ">")) return KeyOperator::less;
  if (text == (key_first ? "<=" : ">=")) return KeyOperator::less_or_equal;
  if (text == (key_first ? ">" : "<")) return KeyOperator::greater;
  return KeyOperator::greater_or_equal;
}

Result<void> collect(const ExpressionNode& node, std::vector<KeyCondition>& conditions) {
  if (node.kind == NodeKind::logical_and) {
    for (const ExpressionNode& operand : node.operands)
      PAGETURNER_RETURN_IF_ERROR(collect(operand, conditions));
    return {};
  }
  PAGETURNER_ASSIGN_OR_RETURN(const std::size_t key, find_key_operand(node));
  KeyCondition condition;
  condition.attribute = node.operands[key].path.top_level_name();
  condition.op = node.kind == NodeKind::between    ? KeyOperator::between
                 : node.kind == NodeKind::function ? KeyOperator::begins_with
                                                   : compare_operator(node.text, key == 0);
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    if (i != key) condition.values.push_back(node.operands[i].value);
  }
  conditions.push_back(std::move(condition));
  return {};
}

Error missed_element(const std::string& name) {
  return validation_error("Query condition missed key schema element: " + name);
}

Error not_supported() { return validation_error("Query key condition not supported"); }

// Refuses values that can be no value of `attribute`.
Result<void> check_values(const KeyCondition& condition, const KeyAttribute& attribute) {
  for (const AttributeValue& value : condition.values) {
    if (!has_type(value, attribute.type)) {
      return invalid_parameter("Condition parameter type does not match schema type");
    }
    if (auto error = empty_key_value_error(value, attribute.name)) return *std::move(error);
  }
  const bool prefix_of_number =
      condition.op == KeyOperator::begins_with && attribute.type == ScalarType::n;
  return prefix_of_number ? Result<void>(not_supported()) : Result<void>();
}

const KeyCondition* find_condition(const std::vector<KeyCondition>& conditions,
                                   const std::string& attribute) {
  const auto found =
      std::find_if(conditions.begin(), conditions.end(),
                   [&](const KeyCondition& condition) { return condition.attribute == attribute; });
  return found == conditions.end() ? nullptr : &*found;
}

// Refuses conditions on attributes outside the schema, and gaps between those inside.
Result<void> check_coverage(const std::vector<KeyCondition>& conditions, const KeySchema& schema) {
  PAGETURNER_RETURN_IF_ERROR(check_partition_named(conditions, schema));
  std::size_t on_sort = 0;
  for (const KeyAttribute& attribute : schema.sort) {
    if (find_condition(conditions, attribute.name) != nullptr) ++on_sort;
  }
  if (schema.partition.size() + on_sort == conditions.size()) return {};
  if (on_sort < schema.sort.size()) {
    for (const KeyAttribute& attribute : schema.sort) {
      if (find_condition(conditions, attribute.name) == nullptr) {
        return missed_element(attribute.name);
      }
    }
  }
  return not_supported();
}

Result<void> check_indexable(const std::vector<KeyCondition>& conditions, const KeySchema& schema) {
  for (const KeyCondition& condition : conditions) {
    if (condition.op == KeyOperator::not_indexable) {
      return validation_error("Attempted conditional constraint is not an indexable operation");
    }
  }
  for (const KeyAttribute& attribute : schema.partition) {
    if (find_condition(conditions, attribute.name)->op != KeyOperator::equal) {
      return not_supported();
    }
  }
  return {};
}

// Sort attributes are held equal from the first on; only the last one named may have a range.
Result<void> check_sort_run(const std::vector<KeyCondition>& conditions, const KeySchema& schema) {
  std::string without_equality;
  for (const KeyAttribute& attribute : schema.sort) {
    const KeyCondition* condition = find_condition(conditions, attribute.name);
    if (condition != nullptr && !without_equality.empty()) {
      return validation_error("RANGE key attributes " + without_equality +
                              " must have equality conditions specified in the query because a "
                              "condition is present on key attribute " +
                              attribute.name);
    }
    if (condition == nullptr || condition->op != KeyOperator::equal) {
      if (!without_equality.empty()) without_equality += ", ";
      without_equality += attribute.name;
    }
  }
  return {};
}

}  // namespace

Result<void> check_partition_named(const std::vector<KeyCondition>& conditions,
                                   const KeySchema& schema) {
  for (const KeyAttribute& attribute : schema.partition) {
    if (find_condition(conditions, attribute.name) == nullptr) {
      return missed_element(attribute.name);
    }
  }
  return {};
}

std::optional<Error> empty_key_value_error(const AttributeValue& value, const std::string& name) {
  const auto* text = value.get_if<std::string>();
  const auto* binary = value.get_if<Binary>();
  const bool empty_text = text != nullptr && text->empty();
  const bool empty_binary = binary != nullptr && binary->bytes.empty();
  if (!empty_text && !empty_binary) return std::nullopt;
  return validation_error(
      "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
      "contain an empty " +
      std::string(empty_text ? "string" : "binary") + " value. Key: " + name);
}

Result<std::vector<KeyCondition>> key_conditions_of(const ExpressionNode& expression) {
  PAGETURNER_RETURN_IF_ERROR(check_operators(expression));
  std::vector<KeyCondition> conditions;
  PAGETURNER_RETURN_IF_ERROR(collect(expression, conditions));
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (find_condition(conditions, conditions[i].attribute) != &conditions[i]) {
      return validation_error(std::string(verified_prefix) +
                              "KeyConditionExpressions must only contain one condition per key");
    }
  }
  return conditions;
}

Result<KeySelection> select_keys(const std::vector<KeyCondition>& conditions,
                                 const KeySchema& schema) {
  const std::size_t key_attributes = schema.partition.size() + schema.sort.size();
  if (conditions.size() > std::max<std::size_t>(key_attributes, 2)) {
    return validation_error("The number of query conditions (" + std::to_string(conditions.size()) +
                            ") exceeds the number of key attributes defined in the schema (" +
                            std::to_string(key_attributes) + ")");
  }
  PAGETURNER_RETURN_IF_ERROR(check_coverage(conditions, schema));
  PAGETURNER_RETURN_IF_ERROR(check_indexable(conditions, schema));
  PAGETURNER_RETURN_IF_ERROR(check_sort_run(conditions, schema));
  KeySelection selection;
  for (const KeyAttribute& attribute : schema.partition) {
    const KeyCondition& condition = *find_condition(conditions, attribute.name);
    PAGETURNER_RETURN_IF_ERROR(check_values(condition, attribute));
    selection.partition.push_back(condition.values.front());
  }
  for (const KeyAttribute& attribute : schema.sort) {
    const KeyCondition* condition = find_condition(conditions, attribute.name);
    if (condition == nullptr) break;
    PAGETURNER_RETURN_IF_ERROR(check_values(*condition, attribute));
    if (condition->op == KeyOperator::equal) {
      selection.sort_prefix.push_back(condition->values.front());
    } else {
      selection.sort_last = *condition;
    }
  }
  return selection;
}

bool satisfies(const AttributeValue& value, const KeyCondition& condition) {
  constexpr std::array<std::string_view, 5> comparators = {"=", "<", "<=", ">", ">="};
  std::vector<ExpressionNode> operands = {value_node(value)};
  for (const AttributeValue& bound : condition.values) operands.push_back(value_node(bound));
  const auto node =
      condition.op == KeyOperator::between ? operator_node(NodeKind::between, "", operands)
      : condition.op == KeyOperator::begins_with
          ? operator_node(NodeKind::function, "begins_with", operands)
          : operator_node(NodeKind::compare,
                          std::string(comparators[static_cast<std::size_t>(condition.op)]),
                          operands);
  return evaluate_condition(node, EmptySource());
}

}  // namespace pageturner
