// A naive DynamoDB for single items: what a write makes of its item, or why it does not.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/model/wire_value.h"

namespace pageturner::model {

enum class OperandKind { literal, path, if_not_exists, list_append, sum, difference };

// What an action or a condition reads.
struct Operand {
  OperandKind kind = OperandKind::literal;
  boost::json::value literal;     // of a literal
  Path path;                      // of a path and of if_not_exists
  std::vector<Operand> operands;  // one of if_not_exists, two of the others
};

enum class ConditionKind { exists, not_exists, compare, both, either, negation };

struct Condition {
  ConditionKind kind = ConditionKind::exists;
  std::string comparator;        // of compare: "=", "<>", "<", "<=", ">" or ">="
  std::vector<Operand> sides;    // two of compare, one path of exists and not_exists
  std::vector<Condition> parts;  // of the others
};

enum class ActionKind { set, remove, add, erase };  // `erase`: DELETE of members

struct Action {
  ActionKind kind = ActionKind::set;
  Path path;
  Operand value;  // none with `remove`
};

enum class ActionForm { expression, legacy };  // UpdateExpression, or AttributeUpdates

enum class WritingKind { put, update, erase, check };

struct Write {
  WritingKind kind = WritingKind::update;
  std::size_t table = 0;  // which of the tables
  boost::json::object key;
  boost::json::object item;  // of a put
  std::vector<Action> actions;
  ActionForm form = ActionForm::expression;
  std::optional<Condition> condition;
  bool shows_old_on_failure = false;
};

using MaybeItem = std::optional<boost::json::object>;

// What has to come of a write.
struct Outcome {
  bool condition_failed = false;
  // The texts of ValidationException that fit. Which of several faults is told is not documented.
  std::set<std::string> errors;
  MaybeItem item;  // afterwards

  bool fails() const { return condition_failed || !errors.empty(); }
};

bool evaluate_condition(const Condition& condition, const boost::json::object& item);

Outcome outcome_of(const Write& write, const MaybeItem& before);

// The Attributes that UpdateItem answers; nothing where it answers none. An empty `return_values`
// is a request without ReturnValues.
MaybeItem returned_attribute_names(const std::string& return_values, const Write& update,
                                   const MaybeItem& before, const MaybeItem& after);

}  // namespace pageturner::model
