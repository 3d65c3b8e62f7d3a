#include "protocol/expression/key_condition.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>

#include "protocol/expression/condition.h"
#include "protocol/limits.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

constexpr std::string_view parameter_prefix = "Invalid KeyConditionExpression: ";

// Whether key conditions may contain the operator or function `node`.
bool is_allowed(const ExpressionNode& node) {
  switch (node.kind) {
    case NodeKind::compare:
      return node.comparator != Comparator::not_equal;
    case NodeKind::function:
      // find_key_operand() refuses size() as an operand, with another message.
      return node.function == Function::begins_with || node.function == Function::size;
    case NodeKind::in:
    case NodeKind::logical_or:
    case NodeKind::logical_not:
      return false;
    case NodeKind::path:
    case NodeKind::value:
    case NodeKind::between:
    case NodeKind::logical_and:
    case NodeKind::arithmetic:
      break;
  }
  return true;
}

// Errors: for the first operator or function, in the order of the text, that is not allowed.
Result<void> check_operators(const ExpressionNode& node) {
  if (!is_allowed(node)) {
    return validation_error(
        concat("Invalid operator used in KeyConditionExpression: ", operator_name(node)));
  }
  for (const ExpressionNode& operand : node.operands) {
    PAGETURNER_RETURN_IF_ERROR(check_operators(operand));
  }
  return {};
}

// Returns the index of the operand that names the key attribute; all others are values. Errors: for
// the first fault in the order of the operands.
Result<std::size_t> find_key_operand(const ExpressionNode& node) {
  if (node.kind != NodeKind::compare && node.operands.front().kind == NodeKind::value) {
    return validation_error(
        concat("Invalid condition in KeyConditionExpression: ", operator_name(node),
               " operator must have the key attribute as its first operand"));
  }
  std::optional<std::size_t> key;
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    const ExpressionNode& operand = node.operands[i];
    if (operand.kind == NodeKind::function) {
      return validation_error("KeyConditionExpressions cannot contain nested operations");
    }
    if (operand.kind != NodeKind::path) continue;
    if (key) {
      return validation_error(
          "Invalid condition in KeyConditionExpression: Multiple attribute names used in one "
          "condition");
    }
    if (!operand.path.is_top_level()) {
      return validation_error(concat(
          parameter_prefix, "KeyConditionExpressions cannot have conditions on nested attributes"));
    }
    key = i;
  }
  if (key) return *key;
  return validation_error(
      "Invalid condition in KeyConditionExpression: No key attribute specified");
}

// The operator of a condition that check_operators() and find_key_operand() accepted.
KeyOperator key_operator(const ExpressionNode& node, bool key_first) {
  switch (node.kind) {
    case NodeKind::compare:
      return key_operator_of(node.comparator, key_first).value_or(KeyOperator::not_indexable);
    case NodeKind::between:
      return KeyOperator::between;
    case NodeKind::function:
      return KeyOperator::begins_with;
    case NodeKind::path:
    case NodeKind::value:
    case NodeKind::in:
    case NodeKind::logical_and:
    case NodeKind::logical_or:
    case NodeKind::logical_not:
    case NodeKind::arithmetic:
      break;
  }
  return KeyOperator::not_indexable;
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
  condition.op = key_operator(node, key == 0);
  for (std::size_t i = 0; i < node.operands.size(); ++i) {
    if (i != key) condition.values.push_back(node.operands[i].value);
  }
  conditions.push_back(std::move(condition));
  return {};
}

Error missed_element(const std::string& name) {
  return validation_error(concat("Query condition missed key schema element: ", name));
}

Error not_supported() { return validation_error("Query key condition not supported"); }

const KeyCondition* find_condition(const std::vector<KeyCondition>& conditions,
                                   const std::string& attribute) {
  const auto found =
      std::find_if(conditions.begin(), conditions.end(),
                   [&](const KeyCondition& condition) { return condition.attribute == attribute; });
  return found == conditions.end() ? nullptr : &*found;
}

// Refuses conditions on attributes that are not in the schema, and gaps between those that are.
Result<void> check_coverage(const std::vector<KeyCondition>& conditions, const KeySchema& schema) {
  if (conditions.size() > schema.partition.size() + schema.sort.size()) return not_supported();
  PAGETURNER_RETURN_IF_ERROR(check_partition_named(conditions, schema));
  std::size_t on_sort = 0;
  for (const KeyAttribute& attribute : schema.sort) {
    if (find_condition(conditions, attribute.name) != nullptr) ++on_sort;
  }
  if (schema.partition.size() + on_sort == conditions.size()) return {};
  for (const KeyAttribute& attribute : schema.sort) {
    if (find_condition(conditions, attribute.name) == nullptr) {
      return missed_element(attribute.name);
    }
  }
  return not_supported();
}

Result<void> check_indexable(const std::vector<KeyCondition>& conditions) {
  for (const KeyCondition& condition : conditions) {
    if (condition.op == KeyOperator::not_indexable) {
      return validation_error("Attempted conditional constraint is not an indexable operation");
    }
  }
  return {};
}

// Refuses values of another type than the attribute of their condition.
Result<void> check_types(const std::vector<KeyCondition>& conditions, const KeySchema& schema) {
  for (const auto* part : {&schema.partition, &schema.sort}) {
    for (const KeyAttribute& attribute : *part) {
      const KeyCondition* condition = find_condition(conditions, attribute.name);
      if (condition == nullptr) continue;
      for (const AttributeValue& value : condition->values) {
        if (has_type(value, attribute.type)) continue;
        return invalid_parameter("Condition parameter type does not match schema type");
      }
    }
  }
  return {};
}

// All partition attributes must have an equality.
Result<void> check_partition_equal(const std::vector<KeyCondition>& conditions,
                                   const KeySchema& schema) {
  for (const KeyAttribute& attribute : schema.partition) {
    if (find_condition(conditions, attribute.name)->op != KeyOperator::equal) {
      return not_supported();
    }
  }
  return {};
}

// Refuses empty values of `attribute`, and a prefix of a number.
Result<void> check_values(const KeyCondition& condition, const KeyAttribute& attribute) {
  for (const AttributeValue& value : condition.values) {
    if (auto error = empty_key_value_error(value, attribute.name)) return *std::move(error);
  }
  const bool prefix_of_number =
      condition.op == KeyOperator::begins_with && attribute.type == ScalarType::n;
  return prefix_of_number ? Result<void>(not_supported()) : Result<void>();
}

// All sort attributes with a condition but the last one must have an equality.
Result<void> check_sort_run(const std::vector<KeyCondition>& conditions, const KeySchema& schema) {
  absl::InlinedVector<std::string_view, limits::index_key_attributes_max> without_equality;
  for (const KeyAttribute& attribute : schema.sort) {
    const KeyCondition* condition = find_condition(conditions, attribute.name);
    if (condition != nullptr && !without_equality.empty()) {
      return validation_error(concat(
          "RANGE key attributes ", join(without_equality, ", "),
          " must have equality conditions specified in the query because a condition is present on "
          "key attribute ",
          attribute.name));
    }
    if (condition == nullptr || condition->op != KeyOperator::equal) {
      without_equality.push_back(attribute.name);
    }
  }
  return {};
}

}  // namespace

std::optional<KeyOperator> key_operator_of(Comparator comparator, bool key_first) {
  switch (comparator) {
    case Comparator::equal:
      return KeyOperator::equal;
    case Comparator::less:
      return key_first ? KeyOperator::less : KeyOperator::greater;
    case Comparator::less_or_equal:
      return key_first ? KeyOperator::less_or_equal : KeyOperator::greater_or_equal;
    case Comparator::greater:
      return key_first ? KeyOperator::greater : KeyOperator::less;
    case Comparator::greater_or_equal:
      return key_first ? KeyOperator::greater_or_equal : KeyOperator::less_or_equal;
    case Comparator::not_equal:
      break;
  }
  return std::nullopt;
}

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
      concat("One or more parameter values are not valid. The AttributeValue for a key attribute "
             "cannot contain an empty ",
             empty_text ? "string" : "binary", " value. Key: ", name));
}

Result<std::vector<KeyCondition>> key_conditions_of(const ExpressionNode& expression) {
  PAGETURNER_RETURN_IF_ERROR(check_operators(expression));
  std::vector<KeyCondition> conditions;
  PAGETURNER_RETURN_IF_ERROR(collect(expression, conditions));
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    if (find_condition(conditions, conditions[i].attribute) != &conditions[i]) {
      return validation_error(concat(
          parameter_prefix, "KeyConditionExpressions must only contain one condition per key"));
    }
  }
  return conditions;
}

Result<KeySelection> select_keys(const std::vector<KeyCondition>& conditions,
                                 const KeySchema& schema) {
  const std::size_t key_attributes = schema.partition.size() + schema.sort.size();
  if (conditions.size() > std::max<std::size_t>(key_attributes, 2)) {
    return validation_error(concat("The number of query conditions (", conditions.size(),
                                   ") exceeds the number of key attributes defined in the schema (",
                                   key_attributes, ")"));
  }
  PAGETURNER_RETURN_IF_ERROR(check_coverage(conditions, schema));
  PAGETURNER_RETURN_IF_ERROR(check_indexable(conditions));
  PAGETURNER_RETURN_IF_ERROR(check_types(conditions, schema));
  PAGETURNER_RETURN_IF_ERROR(check_partition_equal(conditions, schema));
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
  const auto compares = [&](Comparator comparator, std::size_t bound) {
    return compare_values(comparator, &value, &condition.values[bound].get());
  };
  switch (condition.op) {
    case KeyOperator::equal:
      return compares(Comparator::equal, 0);
    case KeyOperator::less:
      return compares(Comparator::less, 0);
    case KeyOperator::less_or_equal:
      return compares(Comparator::less_or_equal, 0);
    case KeyOperator::greater:
      return compares(Comparator::greater, 0);
    case KeyOperator::greater_or_equal:
      return compares(Comparator::greater_or_equal, 0);
    case KeyOperator::between:
      return compares(Comparator::greater_or_equal, 0) && compares(Comparator::less_or_equal, 1);
    case KeyOperator::begins_with:
      return begins_with(value, condition.values[0]);
    case KeyOperator::not_indexable:
      break;  // select_keys() refuses it
  }
  return false;
}

}  // namespace pageturner
