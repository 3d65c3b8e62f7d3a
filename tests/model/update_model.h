// A naive DynamoDB for single items: the item after a write, or the error of the write.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/model/wire_value.h"

namespace pageturner::model {

enum class OperandKind { literal, path, if_not_exists, list_append, sum, difference };

// An operand of an action or a condition.
struct Operand {
  OperandKind kind = OperandKind::literal;
  boost::json::value literal;     // for literal
  Path path;                      // for path and if_not_exists
  std::vector<Operand> operands;  // one for if_not_exists, two for the others
};

enum class ConditionKind { exists, not_exists, compare, both, either, negation };

struct Condition {
  ConditionKind kind = ConditionKind::exists;
  std::string comparator;        // for compare: "=", "<>", "<", "<=", ">" or ">="
  std::vector<Operand> sides;    // two for compare, one path for exists and not_exists
  std::vector<Condition> parts;  // for the others
};

enum class ActionKind { set, remove, add, erase };  // `erase`: DELETE of members

struct Action {
  ActionKind kind = ActionKind::set;
  Path path;
  Operand value;  // unused for `remove`
};

enum class ActionForm { expression, legacy };  // UpdateExpression, or AttributeUpdates

enum class WritingKind { put, update, erase, check };

struct Write {
  WritingKind kind = WritingKind::update;
  std::size_t table = 0;  // index in update_tables()
  boost::json::object key;
  boost::json::object item;  // for put
  std::vector<Action> actions;
  ActionForm form = ActionForm::expression;
  std::optional<Condition> condition;
  bool shows_old_on_failure = false;
};

using MaybeItem = std::optional<boost::json::object>;

// The expected result of a write.
struct Outcome {
  bool condition_failed = false;
  // The possible texts of ValidationException. The documentation does not say which of several
  // errors is reported.
  std::set<std::string> errors;
  MaybeItem item;  // after the write

  bool fails() const { return condition_failed || !errors.empty(); }
};

bool evaluate_condition(const Condition& condition, const boost::json::object& item);

Outcome outcome_of(const Write& write, const MaybeItem& before);

// Returns the Attributes of the response to UpdateItem, or nullopt if it has none. An empty
// `return_values` means a request without ReturnValues.
MaybeItem returned_attribute_names(const std::string& return_values, const Write& update,
                                   const MaybeItem& before, const MaybeItem& after);

}  // namespace pageturner::model
