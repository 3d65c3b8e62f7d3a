// Updates of items.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
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

// What an action stores, without copies of values that exist already.
struct NewValue {
  // The lists that a list_append joins, or that ADD of AttributeUpdates does.
  struct JoinedLists {
    std::vector<const AttributeValue*> parts;
  };
  // ADD or DELETE on a set: `old` and `operand` have the same type.
  struct CombinedSets {
    const AttributeValue* old;
    const AttributeValue* operand;
    UpdateKind kind;
  };
  // A pointer is to a value of the item or of the update.
  std::variant<const AttributeValue*, AttributeValue, JoinedLists, CombinedSets> content;
};

// An update whose operands are evaluated for an item. Its result can be checked before it is built:
// an update of 4 KB can store a large value hundreds of times. As a source it has the top-level
// attributes of the updated item, as far as the types and sizes of keys need them: instead of a
// joined list or a combined set it returns a value of the same type.
class EvaluatedUpdate final : public AttributeSource {
 public:
  // Evaluates `update`, which is resolved. Both parameters must outlive the result. All operands
  // have their values from before the update. Errors: ValidationException for absent operands, for
  // operands of a type that the action does not accept (ErrorDetail::update_operand_type), for
  // paths through a value that is neither map nor list, and for sums out of range. Source: guide,
  // "Update expressions"; recorded answers.
  static Result<EvaluatedUpdate> evaluate(const Update& update, const AttributeSource& item);

  const AttributeValue* find(std::string_view name) const override;

  // Returns the levels of lists and maps in the deepest attribute that the update changes, as far
  // as the update makes it deeper.
  int nesting_levels();

  // Returns the documented size of the updated item, which has `old_size_bytes` before the update;
  // nullopt if it is larger than `size_bytes_max`. Reads each value once, and combines sets only if
  // the result can be small enough.
  std::optional<std::size_t> updated_size_bytes(std::size_t old_size_bytes,
                                                std::size_t size_bytes_max);

  // Builds the changes. Call it last.
  AttributeChanges build();

 private:
  // An action with its operands evaluated.
  struct Change {
    const DocumentPath* path = nullptr;
    const AttributeValue* old = nullptr;  // at `path`; nullptr: absent
    std::optional<NewValue> value;        // nullopt: `path` is removed
  };
  struct Measure {
    std::size_t size_bytes;
    int levels;
  };

  explicit EvaluatedUpdate(const AttributeSource& item) : item_(&item) {}
  static bool precedes_in_order(const Change& left, const Change& right);
  Measure measure(const AttributeValue& value);
  Measure measure(const NewValue& value);
  bool combine_sets();
  void apply_change(AttributeChanges& changes, Change change) const;

  const AttributeSource* item_;
  std::vector<Change> changes_;
  // Of lists, maps and sets, which may be used many times.
  std::map<const AttributeValue*, Measure> measures_;
};

// Returns the changes that `update`, which is resolved, makes to `item`. Errors: as for
// EvaluatedUpdate::evaluate().
Result<AttributeChanges> apply_update(const Update& update, const AttributeSource& item);

// Returns the paths of all actions. They point into `update`.
std::vector<const DocumentPath*> touched_paths(const Update& update);

}  // namespace pageturner
