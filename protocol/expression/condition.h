// Evaluates conditions on items.
#pragma once

#include <compare>
#include <memory>
#include <optional>

#include "protocol/attribute_source.h"
#include "protocol/expression/ast.h"

namespace pageturner {

// Returns whether `condition`, which is resolved, is true for `item`. Cannot fail: a comparison of
// absent values or of different types is false. Source: guide, "Comparison operator and function
// reference"; for the cases it does not cover, recorded answers (see the tests).
bool evaluate_condition(const ExpressionNode& condition, const AttributeSource& item);

// A condition that is evaluated on many items, as the filter of a page. What does not depend on the
// item is computed once: the lists of IN are sorted, and of many conditions joined by AND or OR
// only those on attributes that an item has are evaluated on it. Immutable; copies share the
// condition.
class PreparedCondition {
 public:
  PreparedCondition(ExpressionNode condition);  // NOLINT(google-explicit-constructor)

  // Returns what evaluate_condition() returns.
  bool evaluate(const AttributeSource& item) const;

  struct Parts;

 private:
  std::shared_ptr<const Parts> parts_;
};

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

// Returns the value that contains the one at `path`: the value at the path without its last
// element. nullptr if that does not exist. Requires: `path` is not top-level.
const AttributeValue* find_parent(const DocumentPath& path, const AttributeSource& item);

// The same. `attribute` is the top-level attribute of `path`.
AttributeValue* find_parent(const DocumentPath& path, AttributeValue& attribute);

}  // namespace pageturner
