// Evaluates conditions on items.
#pragma once

#include <compare>
#include <optional>

#include "protocol/attribute_source.h"
#include "protocol/expression/ast.h"

namespace pageturner {

// Returns whether `condition`, which is resolved, is true for `item`. Cannot fail: a comparison of
// absent values or of different types is false. Source: guide, "Comparison operator and function
// reference"; for the cases it does not cover, recorded answers (see the tests).
bool evaluate_condition(const ExpressionNode& condition, const AttributeSource& item);

// Returns the order of two values of the same type S, N or B; nullopt for all others.
std::optional<std::strong_ordering> compare_scalars(const AttributeValue& left,
                                                    const AttributeValue& right);

// Returns whether `left` and `right` compare as `comparator` says. nullptr is an absent value: it
// is not equal to any value and has no order.
bool compare_values(Comparator comparator, const AttributeValue* left, const AttributeValue* right);

// Returns whether `value` starts with `prefix`, both of type S or both of type B.
bool begins_with(const AttributeValue& value, const AttributeValue& prefix);

// Returns the value at `path` in `item`, or nullptr.
const AttributeValue* find_path(const DocumentPath& path, const AttributeSource& item);

// Returns the value at `path`, or nullptr. `attribute` is the top-level attribute of `path`.
AttributeValue* find_path(const DocumentPath& path, AttributeValue& attribute);

}  // namespace pageturner
