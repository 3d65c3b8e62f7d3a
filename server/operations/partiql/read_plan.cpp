#include "server/operations/partiql/read_plan.h"

#include <algorithm>

#include "protocol/assert.h"
#include "protocol/limits.h"
#include "protocol/text.h"

namespace pageturner::partiql {
namespace {

// AND multiplies disjuncts. A plan with this many is refused, so the rest is left out.
constexpr std::size_t disjuncts_max = 4096;

using Disjuncts = std::vector<Disjunct>;

// The names of the key attributes; `sort` is empty if there is no sort attribute.
struct KeyNames {
  std::string partition;
  std::string sort;

  explicit KeyNames(const KeySchema& schema)
      : partition(schema.partition.front().name),
        sort(schema.sort.empty() ? "" : schema.sort.front().name) {}
};

bool is_attribute(const ExpressionNode& node, const std::string& name) {
  return !name.empty() && node.kind == NodeKind::path && node.path.is_top_level() &&
         node.path.top_level_name() == name;
}

bool mentions(const ExpressionNode& node, const std::string& name) {
  if (is_attribute(node, name)) return true;
  return std::any_of(node.operands.begin(), node.operands.end(),
                     [&](const ExpressionNode& operand) { return mentions(operand, name); });
}

bool all_values(const ExpressionNode& node, std::size_t from) {
  return std::all_of(node.operands.begin() + static_cast<std::ptrdiff_t>(from), node.operands.end(),
                     [](const ExpressionNode& operand) { return operand.kind == NodeKind::value; });
}

void collect_names(const ExpressionNode& node, std::vector<std::string>& names) {
  if (node.kind == NodeKind::path &&
      std::find(names.begin(), names.end(), node.path.top_level_name()) == names.end()) {
    names.push_back(node.path.top_level_name());
  }
  for (const ExpressionNode& operand : node.operands) collect_names(operand, names);
}

// The disjunct of a condition that keys do not cover.
Disjunct residual(const ExpressionNode& node) {
  Disjunct disjunct{.has_residual = true};
  collect_names(node, disjunct.residual_names);
  return disjunct;
}

// Returns `node` as a condition on the attribute `name` if it compares it with a value by another
// comparator than <>.
std::optional<KeyCondition> comparison_with(const ExpressionNode& node, const std::string& name) {
  if (node.kind != NodeKind::compare) return std::nullopt;
  const bool first = is_attribute(node.operands[0], name);
  const ExpressionNode& attribute = node.operands[first ? 0 : 1];
  const ExpressionNode& value = node.operands[first ? 1 : 0];
  if (!is_attribute(attribute, name) || value.kind != NodeKind::value) return std::nullopt;
  const auto op = key_operator_of(node.comparator, first);
  if (!op) return std::nullopt;
  return KeyCondition{name, *op, {value.value}};
}

// The key operator of a condition other than a comparison, if a range of keys can satisfy it.
std::optional<KeyOperator> range_operator(const ExpressionNode& node) {
  switch (node.kind) {
    case NodeKind::between:
      return KeyOperator::between;
    case NodeKind::function:
      if (node.function == Function::begins_with) return KeyOperator::begins_with;
      break;
    case NodeKind::path:
    case NodeKind::value:
    case NodeKind::compare:
    case NodeKind::in:
    case NodeKind::logical_and:
    case NodeKind::logical_or:
    case NodeKind::logical_not:
    case NodeKind::arithmetic:
      break;
  }
  return std::nullopt;
}

// Returns `node` as a condition on the sort attribute, if a range of keys can satisfy it.
std::optional<KeyCondition> sort_condition(const ExpressionNode& node, const std::string& sort) {
  if (auto comparison = comparison_with(node, sort)) return comparison;
  const auto op = range_operator(node);
  if (!op || !is_attribute(node.operands[0], sort) || !all_values(node, 1)) return std::nullopt;
  KeyCondition condition{sort, *op, {}};
  for (std::size_t i = 1; i < node.operands.size(); ++i) {
    condition.values.push_back(node.operands[i].value);
  }
  return condition;
}

bool same(const KeyCondition& left, const KeyCondition& right) {
  return left.op == right.op && left.values == right.values;
}

// The conjunction of two disjuncts.
Disjunct conjoin(const Disjunct& left, const Disjunct& right) {
  Disjunct joined = left;
  if (!joined.partition) {
    joined.partition = right.partition;
  } else if (right.partition && !(*right.partition == *joined.partition)) {
    joined.has_conflict = true;
  }
  for (const KeyCondition& condition : right.sort) {
    const bool known = std::any_of(joined.sort.begin(), joined.sort.end(),
                                   [&](const KeyCondition& its) { return same(its, condition); });
    if (!known) joined.sort.push_back(condition);
  }
  for (const std::string& name : right.residual_names) {
    const auto& names = joined.residual_names;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      joined.residual_names.push_back(name);
    }
  }
  joined.has_conflict |= right.has_conflict;
  joined.negates_sort |= right.negates_sort;
  joined.has_residual |= right.has_residual;
  return joined;
}

Disjuncts disjuncts_of(const ExpressionNode& node, const KeyNames& names);

Disjuncts disjuncts_of_and(const ExpressionNode& node, const KeyNames& names) {
  Disjuncts joined = {Disjunct()};
  for (const ExpressionNode& operand : node.operands) {
    const Disjuncts next = disjuncts_of(operand, names);
    Disjuncts product;
    for (const Disjunct& left : joined) {
      for (const Disjunct& right : next) {
        if (product.size() == disjuncts_max) break;
        product.push_back(conjoin(left, right));
      }
    }
    joined = std::move(product);
  }
  return joined;
}

Disjuncts disjuncts_of_or(const ExpressionNode& node, const KeyNames& names) {
  if (!mentions(node, names.partition) && !mentions(node, names.sort)) return {residual(node)};
  Disjuncts joined;
  for (const ExpressionNode& operand : node.operands) {
    for (Disjunct& disjunct : disjuncts_of(operand, names)) {
      if (joined.size() == disjuncts_max) break;
      joined.push_back(std::move(disjunct));
    }
  }
  return joined;
}

// The disjuncts of IN: one for each value if it is on a key attribute.
Disjuncts disjuncts_of_in(const ExpressionNode& node, const KeyNames& names) {
  const bool partition = is_attribute(node.operands[0], names.partition);
  const bool sort = is_attribute(node.operands[0], names.sort);
  if ((!partition && !sort) || !all_values(node, 1)) return {residual(node)};
  Disjuncts disjuncts;
  for (std::size_t i = 1; i < node.operands.size(); ++i) {
    const AttributeValue& value = node.operands[i].value;
    Disjunct disjunct;
    if (partition) disjunct.partition = value;
    if (sort) disjunct.sort = {{names.sort, KeyOperator::equal, {value}}};
    disjuncts.push_back(std::move(disjunct));
  }
  return disjuncts;
}

// Whether `node` is NOT or <>.
bool is_negation(const ExpressionNode& node) {
  return node.kind == NodeKind::logical_not ||
         (node.kind == NodeKind::compare && node.comparator == Comparator::not_equal);
}

// The disjuncts of a condition that is not AND, OR or IN.
Disjuncts disjunct_of(const ExpressionNode& node, const KeyNames& names) {
  const auto on_partition = comparison_with(node, names.partition);
  if (on_partition && on_partition->op == KeyOperator::equal) {
    return {{.partition = on_partition->values.front()}};
  }
  if (auto condition = sort_condition(node, names.sort)) return {{.sort = {*condition}}};
  Disjunct disjunct = residual(node);
  disjunct.negates_sort = is_negation(node) && mentions(node, names.sort);
  return {disjunct};
}

Disjuncts disjuncts_of(const ExpressionNode& node, const KeyNames& names) {
  switch (node.kind) {
    case NodeKind::logical_and:
      return disjuncts_of_and(node, names);
    case NodeKind::logical_or:
      return disjuncts_of_or(node, names);
    case NodeKind::in:
      return disjuncts_of_in(node, names);
    case NodeKind::path:
    case NodeKind::value:
    case NodeKind::function:
    case NodeKind::compare:
    case NodeKind::between:
    case NodeKind::logical_not:
    case NodeKind::arithmetic:
      break;
  }
  return disjunct_of(node, names);
}

// The read of one disjunct. Of several conditions on the sort attribute, the first equality
// determines the range; without one, the first condition.
KeySelection selection_of(const Disjunct& disjunct) {
  KeySelection selection{{*disjunct.partition}, {}, {}};
  for (const KeyCondition& condition : disjunct.sort) {
    if (condition.op != KeyOperator::equal) continue;
    selection.sort_prefix = condition.values;
    return selection;
  }
  if (!disjunct.sort.empty()) selection.sort_last = disjunct.sort.front();
  return selection;
}

// One read of a whole partition for each partition in the disjuncts.
std::vector<KeySelection> partitions_of(const Disjuncts& disjuncts) {
  std::vector<KeySelection> reads;
  for (const Disjunct& disjunct : disjuncts) {
    const bool known = std::any_of(reads.begin(), reads.end(), [&](const KeySelection& read) {
      return read.partition.front() == *disjunct.partition;
    });
    if (!known) reads.push_back({{*disjunct.partition}, {}, {}});
  }
  return reads;
}

// Disjuncts with NOT or <> on the sort attribute are not ranges of it; their partitions are read
// whole.
std::vector<KeySelection> reads_of(const Disjuncts& disjuncts) {
  const bool negates = std::any_of(disjuncts.begin(), disjuncts.end(),
                                   [](const Disjunct& disjunct) { return disjunct.negates_sort; });
  if (negates && disjuncts.size() > 1) return partitions_of(disjuncts);
  std::vector<KeySelection> reads;
  for (const Disjunct& disjunct : disjuncts) reads.push_back(selection_of(disjunct));
  return reads;
}

Result<void> check_value(const AttributeValue& value, const KeyAttribute& attribute) {
  if (!has_type(value, attribute.type)) {
    return validation_error(
        concat("Key attribute's data type should match its data type in table's schema: Key ",
               attribute.name));
  }
  if (auto error = empty_key_value_error(value, attribute.name)) return *std::move(error);
  return {};
}

// Appends the conditions that AND joins, with or without parentheses, in their order.
void flatten(const ExpressionNode& node, std::vector<const ExpressionNode*>& conditions) {
  if (node.kind != NodeKind::logical_and) {
    conditions.push_back(&node);
    return;
  }
  for (const ExpressionNode& operand : node.operands) flatten(operand, conditions);
}

// Returns `node` as an equality of a key attribute to a value, if it is one.
std::optional<KeyCondition> key_equality(const ExpressionNode& node, const KeySchema& schema) {
  for (const auto* part : {&schema.partition, &schema.sort}) {
    for (const KeyAttribute& attribute : *part) {
      auto condition = comparison_with(node, attribute.name);
      if (condition && condition->op == KeyOperator::equal) return condition;
    }
  }
  return std::nullopt;
}

}  // namespace

Result<ReadPlan> plan_reads(const std::optional<ExpressionNode>& where, const KeySchema& schema) {
  PAGETURNER_ASSERT(schema.partition.size() == 1 && schema.sort.size() <= 1);
  ReadPlan plan;
  if (!where) return plan;
  plan.needs_filter = true;
  plan.disjuncts = disjuncts_of(*where, KeyNames(schema));
  plan.is_keyed = std::all_of(
      plan.disjuncts.begin(), plan.disjuncts.end(),
      [](const Disjunct& disjunct) { return disjunct.partition && !disjunct.has_conflict; });
  if (!plan.is_keyed) return plan;
  plan.reads = reads_of(plan.disjuncts);
  if (plan.reads.size() > limits::partiql_reads_max || plan.disjuncts.size() >= disjuncts_max) {
    return validation_error("Too many decomposed read operations for a given query.");
  }
  plan.needs_filter = std::any_of(
      plan.disjuncts.begin(), plan.disjuncts.end(),
      [](const Disjunct& disjunct) { return disjunct.has_residual || disjunct.sort.size() > 1; });
  return plan;
}

Result<void> check_key_types(const ReadPlan& plan, const KeySchema& schema) {
  if (!plan.is_keyed) return {};
  for (const Disjunct& disjunct : plan.disjuncts) {
    PAGETURNER_RETURN_IF_ERROR(check_value(*disjunct.partition, schema.partition.front()));
    for (const KeyCondition& condition : disjunct.sort) {
      for (const AttributeValue& value : condition.values) {
        PAGETURNER_RETURN_IF_ERROR(check_value(value, schema.sort.front()));
      }
    }
  }
  return {};
}

Result<std::optional<Item>> whole_key(const ReadPlan& plan, const KeySchema& schema) {
  std::optional<Item> key;
  if (!plan.is_keyed) return key;
  const Disjunct& first = plan.disjuncts.front();
  const bool repeats =
      std::any_of(plan.disjuncts.begin() + 1, plan.disjuncts.end(), [&](const Disjunct& disjunct) {
        return *disjunct.partition == *first.partition &&
               std::equal(disjunct.sort.begin(), disjunct.sort.end(), first.sort.begin(),
                          first.sort.end(), same);
      });
  if (repeats) return overlapping_reads();
  const bool is_one = plan.disjuncts.size() == 1 && !first.has_residual;
  const bool sort_fits = schema.sort.empty()
                             ? first.sort.empty()
                             : first.sort.size() == 1 && first.sort[0].op == KeyOperator::equal;
  if (!is_one || !sort_fits) return key;
  key.emplace();
  key->emplace(schema.partition.front().name, *first.partition);
  if (!first.sort.empty()) key->emplace(first.sort[0].attribute, first.sort[0].values.front());
  return key;
}

Error overlapping_reads() {
  return validation_error(
      "Overlapping conditions with range keys are not supported in where clause");
}

Result<void> check_order(const Statement& statement, const ReadPlan& plan,
                         const KeySchema& schema) {
  if (statement.order_by.empty()) return {};
  if (!statement.where) {
    return validation_error("Must have WHERE clause in the statement when using ORDER BY clause.");
  }
  for (const OrderKey& key : statement.order_by) {
    if (has_attribute(schema.partition, key.attribute)) continue;
    if (has_attribute(schema.sort, key.attribute)) continue;
    return validation_error(
        concat("Attribute ", key.attribute, " in ORDER BY clause must be part of the primary key"));
  }
  if (!plan.is_keyed) {
    return validation_error(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER "
        "BY clause.");
  }
  const AttributeValue& partition = plan.reads.front().partition.front();
  const bool one_partition =
      std::all_of(plan.reads.begin(), plan.reads.end(),
                  [&](const KeySelection& read) { return read.partition.front() == partition; });
  if (one_partition || statement.order_by.front().attribute == schema.partition.front().name) {
    return {};
  }
  return validation_error(
      "Must have hash key in ORDER BY clause when more than one hash key condition specified in "
      "WHERE clause.");
}

WriteTarget find_target(const std::optional<ExpressionNode>& where, const KeySchema& schema) {
  WriteTarget target;
  if (!where) return target;
  std::vector<const ExpressionNode*> conditions;
  flatten(*where, conditions);
  std::vector<ExpressionNode> rest;
  for (const ExpressionNode* condition : conditions) {
    const auto equality = key_equality(*condition, schema);
    if (equality) {
      const AttributeValue& value = equality->values.front();
      const auto [known, is_new] = target.key.emplace(equality->attribute, value);
      if (is_new || known->second == value) continue;
      if (!target.named_twice) target.named_twice = equality->attribute;
    }
    rest.push_back(*condition);
  }
  target.is_whole = target.key.size() == schema.partition.size() + schema.sort.size();
  if (rest.size() == 1) target.condition = std::move(rest.front());
  if (rest.size() > 1) {
    target.condition = operator_node(NodeKind::logical_and, std::move(rest));
  }
  return target;
}

}  // namespace pageturner::partiql
