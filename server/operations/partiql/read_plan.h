// Which keys a WHERE names: what a SELECT reads, and which item a write means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/expression/key_condition.h"
#include "protocol/partiql/statement.h"
#include "protocol/table_description.h"

namespace pageturner::partiql {

// One of the ways in which a WHERE can be true: OR and IN give several.
struct Disjunct {
  std::optional<AttributeValue> partition;  // what it holds the partition attribute equal to
  std::vector<KeyCondition> sort;           // its conditions on the sort attribute
  bool has_conflict = false;                // it holds the partition attribute equal to two values
  bool negates_sort = false;                // NOT or <> on the sort attribute
  bool has_residual = false;                // it says more than `partition` and `sort` tell
  std::vector<std::string> residual_names;  // the attributes that it says that of
};

// The reads of a SELECT. Requires: the schema has one partition and at most one sort attribute, as
// every key that PartiQL reads has.
struct ReadPlan {
  // Every alternative holds the partition attribute equal; otherwise all is read.
  bool is_keyed = false;
  std::vector<Disjunct> disjuncts;
  // The same alternatives as reads, in the order of the statement; none where all is read. They may
  // overlap, which the one who knows their keys refuses.
  std::vector<KeySelection> reads;
  // Whether the WHERE has to be looked at for each item that is read.
  bool needs_filter = false;
};

// Plans the reads of `where`. Errors: ValidationException for more than limits::partiql_reads_max
// reads. Source: guide, "PartiQL select statements for DynamoDB"; recorded answers.
Result<ReadPlan> plan_reads(const std::optional<ExpressionNode>& where, const KeySchema& schema);

// Refuses values of another type than the schema's, and empty ones, in a keyed plan.
Result<void> check_key_types(const ReadPlan& plan, const KeySchema& schema);

// What reads that overlap are refused with.
Error overlapping_reads();

// The one item that a plan means by the whole key and nothing else, as the SELECTs of batches and
// transactions have to. Nothing where it means anything else. Errors: ValidationException where it
// names one item twice.
Result<std::optional<Item>> whole_key(const ReadPlan& plan, const KeySchema& schema);

// Holds ORDER BY against the plan and the schema. Source: recorded answers.
Result<void> check_order(const Statement& statement, const ReadPlan& plan, const KeySchema& schema);

// The item that an UPDATE or DELETE means, and what else its WHERE asks of it.
struct WriteTarget {
  Item key;  // those of the key's attributes that the WHERE holds equal to something
  bool is_whole = false;
  std::optional<std::string> named_twice;  // a key attribute held equal to two values
  std::optional<ExpressionNode> condition;
};

WriteTarget find_target(const std::optional<ExpressionNode>& where, const KeySchema& schema);

}  // namespace pageturner::partiql
