// The keys that a WHERE selects: the reads of a SELECT and the item of a write.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/attribute_value.h"
#include "protocol/error.h"
#include "protocol/expression/ast.h"
#include "protocol/expression/key_condition.h"
#include "protocol/partiql/statement.h"
#include "protocol/table_description.h"

namespace pageturner::partiql {

// One of the alternatives of which a WHERE is the disjunction. OR and IN make several.
struct Disjunct {
  std::optional<SharedValue> partition;  // the value of the partition attribute, by equality
  // The distinct conditions on the sort attribute. Equal conditions of a plan are one object.
  std::vector<std::shared_ptr<const KeyCondition>> sort;
  bool has_residual = false;  // has conditions that `partition` and `sort` do not cover
  std::vector<std::string_view> residual_names;  // the top-level attributes of those conditions
};

// The reads of a SELECT. All functions here require a schema with one partition attribute and at
// most one sort attribute, as everything that PartiQL can read has. In a plan, key values that are
// too long for a key are replaced by shorter ones, which no item has either and which have the same
// position among the keys of items; so a plan takes little memory whatever its values.
struct ReadPlan {
  // Every disjunct has an equality of the partition attribute to one value. If false, the whole
  // table is read.
  bool is_keyed = false;
  std::vector<Disjunct> disjuncts;  // empty if the whole table is read
  // The disjuncts as reads, in the order of the statement; empty if the whole table is read. They
  // may overlap; the caller checks that.
  std::vector<KeySelection> reads;
  // Whether the WHERE must be evaluated for each item that is read.
  bool needs_filter = false;
};

// Returns the reads of `where`, which must outlive the plan. AND multiplies disjuncts, so they are
// counted before the first one is created. Errors: ValidationException for more than
// limits::partiql_reads_max reads. Source: guide, "PartiQL select statements for DynamoDB";
// recorded answers.
Result<ReadPlan> plan_reads(const std::optional<ExpressionNode>& where, const KeySchema& schema);

// Errors: ValidationException for key values of a wrong type and empty ones. Accepts a plan that is
// not keyed.
Result<void> check_key_types(const ReadPlan& plan, const KeySchema& schema);

// Returns the error for reads that overlap.
Error overlapping_reads();

// Returns the key if the plan selects one item by an equality on each key attribute and has no
// other condition, as the SELECTs of batches and transactions must; otherwise nullopt. Errors:
// ValidationException if it selects one item twice.
Result<std::optional<Item>> whole_key(const ReadPlan& plan, const KeySchema& schema);

// Checks ORDER BY. Errors: ValidationException. Source: recorded answers.
Result<void> check_order(const Statement& statement, const ReadPlan& plan, const KeySchema& schema);

// The item that an UPDATE or DELETE writes, and the rest of its WHERE.
struct WriteTarget {
  Item key;                                // the key attributes with an equality
  bool is_whole = false;                   // `key` has all key attributes
  std::optional<std::string> named_twice;  // a key attribute with equality to two values
  std::optional<ExpressionNode> condition;
};

// Splits `where` into the key and the other conditions.
WriteTarget find_target(const std::optional<ExpressionNode>& where, const KeySchema& schema);

}  // namespace pageturner::partiql
