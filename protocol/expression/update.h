// Updates of items.
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

enum class UpdateKind : std::uint8_t { set, remove, add, erase };  // `erase` is DELETE

// One action on one path.
struct UpdateAction {
  UpdateKind kind = UpdateKind::set;
  DocumentPath path;
  ExpressionNode value;  // unused with `remove`
};

// The actions of an UpdateExpression or of AttributeUpdates. Their paths are disjoint.
using Update = std::vector<UpdateAction>;

// Changed top-level attributes: the new value, or nullopt for one that is deleted.
using AttributeChanges = std::map<std::string, std::optional<AttributeValue>, std::less<>>;

// Returns the changes that `update`, which is resolved, makes to `item`. All operands have their
// values from before the update. Errors: ValidationException for absent operands, for operands of a
// type that the action does not accept (ErrorDetail::update_operand_type), for paths through a
// value that is neither map nor list, and for sums out of range. Source: guide, "Update
// expressions"; recorded answers.
Result<AttributeChanges> apply_update(const Update& update, const AttributeSource& item);

// An item with changes applied. `item` and `changes` must outlive it.
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

// Returns the paths of all actions.
std::vector<DocumentPath> touched_paths(const Update& update);

}  // namespace pageturner
