// Which keys a Query reads: the conditions it gives, and what they come to under a key schema.
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
  not_indexable,  // an operator of the older KeyConditions that no key can be searched with
};

// A condition on one key attribute. `between` has two values, not_indexable any number, every other
// operator one.
struct KeyCondition {
  std::string attribute;
  KeyOperator op = KeyOperator::equal;
  std::vector<AttributeValue> values;
};

// What a Query selects: one partition and a run of its sort keys.
struct KeySelection {
  std::vector<AttributeValue> partition;    // a value for each partition attribute
  std::vector<AttributeValue> sort_prefix;  // sort attributes, from the first, that are held equal
  std::optional<KeyCondition> sort_last;  // a condition other than equality on the one after those
};

// The conditions of a resolved KeyConditionExpression. Errors: ValidationException for anything but
// conditions on distinct attributes joined by AND. Source: guide, "Key condition expressions for
// the Query operation"; recorded answers.
Result<std::vector<KeyCondition>> key_conditions_of(const ExpressionNode& expression);

// Refuses conditions that leave out a partition attribute of `schema`.
Result<void> check_partition_named(const std::vector<KeyCondition>& conditions,
                                   const KeySchema& schema);

// Holds `conditions` against `schema`. Errors: ValidationException for a partition attribute
// without equality, a gap in the sort attributes, a wrong type, an empty value. Source: as above.
Result<KeySelection> select_keys(const std::vector<KeyCondition>& conditions,
                                 const KeySchema& schema);

// Whether `value` satisfies `condition`, a sort key condition of the same type.
bool satisfies(const AttributeValue& value, const KeyCondition& condition);

// The complaint about an empty string or binary as the value of key attribute `name`; nothing for
// any other value.
std::optional<Error> empty_key_value_error(const AttributeValue& value, const std::string& name);

}  // namespace pageturner
