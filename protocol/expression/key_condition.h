// Key conditions of a Query, and the keys they select under a key schema.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/table_description.h"

namespace pageturner {

enum class KeyOperator {
  equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
  between,
  begins_with,
  not_indexable,  // an operator of the legacy KeyConditions that cannot select keys
};

// Returns the operator of the condition that `comparator` puts on a key, which is its left operand
// if `key_first` and its right operand otherwise. nullopt for <>.
std::optional<KeyOperator> key_operator_of(Comparator comparator, bool key_first);

// A condition on one key attribute. `between` has two values, `not_indexable` any number, all
// others one.
struct KeyCondition {
  std::string attribute;
  KeyOperator op = KeyOperator::equal;
  std::vector<SharedValue> values;
};

// The keys that a Query selects: one partition and a range of its sort keys.
struct KeySelection {
  std::vector<AttributeValue> partition;    // a value for each partition attribute
  std::vector<AttributeValue> sort_prefix;  // values of the first sort attributes, by equality
  std::optional<KeyCondition> sort_last;    // the condition on the next one, not an equality
};

// Returns the conditions of a resolved KeyConditionExpression. Errors: ValidationException unless
// they are conditions on distinct attributes joined by AND; first for an operator or function that
// is not allowed, then for the first fault in the order of the text. Source: guide, "Key condition
// expressions for the Query operation"; recorded answers.
Result<std::vector<KeyCondition>> key_conditions_of(const ExpressionNode& expression);

// Errors: ValidationException if a partition attribute of `schema` has no condition.
Result<void> check_partition_named(const std::vector<KeyCondition>& conditions,
                                   const KeySchema& schema);

// Returns the keys that `conditions` select under `schema`. Errors: ValidationException, in this
// order, for too many conditions, a missing partition attribute or a gap in the sort attributes, an
// operator that no index has, a wrong type, a partition attribute without equality, a sort
// attribute without equality before another one, an empty value. Source: as above.
Result<KeySelection> select_keys(const std::vector<KeyCondition>& conditions,
                                 const KeySchema& schema);

// Returns whether `value` satisfies `condition`, a sort key condition of the same type.
bool satisfies(const AttributeValue& value, const KeyCondition& condition);

// Returns the error for an empty string or binary as the value of key attribute `name`; nullopt for
// all other values.
std::optional<Error> empty_key_value_error(const AttributeValue& value, const std::string& name);

}  // namespace pageturner
