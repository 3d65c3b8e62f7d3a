// Whether a condition holds for an item.
#pragma once

#include <compare>
#include <optional>

#include "protocol/attribute_source.h"
#include "protocol/expression/ast.h"

namespace pageturner {

// Evaluates a resolved condition. It cannot fail: what does not compare is false (guide,
// "Comparison operator and function reference"; cases it leaves open follow recorded answers, see
// the tests).
bool evaluate_condition(const ExpressionNode& condition, const AttributeSource& item);

// The order of two values of the same type S, N or B; nothing for any others.
std::optional<std::strong_ordering> compare_scalars(const AttributeValue& left,
                                                    const AttributeValue& right);

// The value at `path`, or nullptr.
const AttributeValue* find_path(const DocumentPath& path, const AttributeSource& item);

}  // namespace pageturner
