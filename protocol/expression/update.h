// What an update does to an item.
#pragma once

#include <cstdint>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/expression/ast.h"

namespace ddb {

enum class UpdateKind : std::uint8_t { set, remove, add, erase };  // `erase`: DELETE of members

// One action on one path.
struct UpdateAction {
  UpdateKind kind = UpdateKind::set;
  DocumentPath path;
  ExpressionNode value;  // none with `remove`
};

// The actions of an UpdateExpression or of AttributeUpdates. Their paths are disjoint.
using Update = std::vector<UpdateAction>;

// The item that `update`, resolved, makes of `item`. Every operand is read from `item` as it was.
// Errors: ValidationException for operands that are absent or of a type the action does not take,
// for paths through what is neither map nor list, and for sums out of range. Source: guide, "Update
// expressions"; recorded answers.
Result<Item> apply_update(const Update& update, const Item& item);

// The paths that `update` touches.
std::vector<DocumentPath> touched_paths(const Update& update);

}  // namespace ddb
