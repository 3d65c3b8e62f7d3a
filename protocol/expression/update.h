// What an update does to an item.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "protocol/attribute_source.h"
#include "protocol/error.h"
#include "protocol/expression/ast.h"

namespace pageturner {

enum class UpdateKind : std::uint8_t { set, remove, add, erase };  // `erase`: DELETE of members

// One action on one path.
struct UpdateAction {
  UpdateKind kind = UpdateKind::set;
  DocumentPath path;
  ExpressionNode value;  // none with `remove`
};

// The actions of an UpdateExpression or of AttributeUpdates. Their paths are disjoint.
using Update = std::vector<UpdateAction>;

// What an update makes of top-level attributes: the new value, or nothing for one that goes.
using AttributeChanges = std::map<std::string, std::optional<AttributeValue>, std::less<>>;

// What `update`, resolved, changes of `item`. Every operand is read from `item` as it was.
// Errors: ValidationException for operands that are absent or of a type the action does not take,
// for paths through what is neither map nor list, and for sums out of range. Source: guide, "Update
// expressions"; recorded answers.
Result<AttributeChanges> apply_update(const Update& update, const AttributeSource& item);

// An item with changes. Reads from both, which have to outlive it.
class ChangedSource final : public AttributeSource {
 public:
  ChangedSource(const AttributeSource& item, const AttributeChanges& changes)
      : item_(item), changes_(changes) {}
  const AttributeValue* find(std::string_view name) const override {
    const auto changed = changes_.find(name);
    if (changed == changes_.end()) return item_.find(name);
    return changed->second ? &*changed->second : nullptr;
  }

 private:
  const AttributeSource& item_;
  const AttributeChanges& changes_;
};

// The paths that `update` touches.
std::vector<DocumentPath> touched_paths(const Update& update);

}  // namespace pageturner
