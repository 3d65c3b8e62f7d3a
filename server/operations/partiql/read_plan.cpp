#include "server/operations/partiql/read_plan.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "protocol/assert.h"
#include "protocol/attribute_value_json.h"
#include "protocol/limits.h"
#include "protocol/md5.h"
#include "protocol/text.h"

namespace pageturner::partiql {
namespace {

// The number of disjuncts from which a plan is refused even if they are few reads.
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

void collect_names(const ExpressionNode& node, std::vector<std::string_view>& names) {
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

// Returns `value`, or a shorter one if it has more than `bytes_max` bytes, the limit for a key. Its
// first bytes give it the same position among valid keys, the digest keeps it distinct from others.
SharedValue shortened(const SharedValue& value, std::size_t bytes_max) {
  const auto shorten = [&](const std::string& bytes) {
    std::string text = bytes.substr(0, bytes_max + 1);
    return text += md5(bytes).view();
  };
  const auto* text = value->get_if<std::string>();
  if (text != nullptr && text->size() > bytes_max) return AttributeValue{shorten(*text)};
  const auto* binary = value->get_if<Binary>();
  if (binary != nullptr && binary->bytes.size() > bytes_max) {
    return AttributeValue{Binary{shorten(binary->bytes)}};
  }
  return value;
}

SharedValue shortened_partition(const SharedValue& value) {
  return shortened(value, limits::partition_key_size_bytes_max);
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

// Whether `node` is NOT or <>.
bool is_negation(const ExpressionNode& node) {
  return node.kind == NodeKind::logical_not ||
         (node.kind == NodeKind::compare && node.comparator == Comparator::not_equal);
}

// Returns the value that `node` requires the partition attribute to be equal to, if it does.
std::optional<SharedValue> partition_value(const ExpressionNode& node, const KeyNames& names) {
  const auto condition = comparison_with(node, names.partition);
  if (!condition || condition->op != KeyOperator::equal) return std::nullopt;
  return condition->values.front();
}

// Whether IN is on the attribute `name` and all its candidates are values.
bool is_key_list(const ExpressionNode& node, const std::string& name) {
  return is_attribute(node.operands.front(), name) && all_values(node, 1);
}

// Appends the conditions that AND joins, with or without parentheses, in their order.
void flatten(const ExpressionNode& node, std::vector<const ExpressionNode*>& conditions) {
  if (node.kind != NodeKind::logical_and) {
    conditions.push_back(&node);
    return;
  }
  for (const ExpressionNode& operand : node.operands) flatten(operand, conditions);
}

// What the disjuncts of a condition have in common, without creating them.
struct Summary {
  std::size_t count = 1;                 // of the disjuncts; at most disjuncts_max
  bool some_without_partition = false;   // some have no value of the partition attribute
  bool some_with_conflict = false;       // some have two
  std::optional<SharedValue> partition;  // the value of others
  bool has_other_partitions = false;     // they have several values
  bool negates_sort = false;             // some have NOT or <> on the sort attribute

  void add_partitions(const Summary& other) {
    has_other_partitions |= other.has_other_partitions;
    if (!partition) {
      partition = other.partition;
    } else if (other.partition && !(*partition == *other.partition)) {
      has_other_partitions = true;
    }
  }
};

Summary summary_of(const ExpressionNode& node, const KeyNames& names);

Summary summary_of_and(const ExpressionNode& node, const KeyNames& names) {
  Summary joined{.some_without_partition = true};
  for (const ExpressionNode& operand : node.operands) {
    const Summary next = summary_of(operand, names);
    const bool both = joined.partition && next.partition;
    joined.count = std::min(disjuncts_max, joined.count * next.count);
    joined.some_without_partition &= next.some_without_partition;
    joined.add_partitions(next);
    joined.some_with_conflict |= next.some_with_conflict || (both && joined.has_other_partitions);
    joined.negates_sort |= next.negates_sort;
  }
  return joined;
}

Summary summary_of_or(const ExpressionNode& node, const KeyNames& names) {
  if (!mentions(node, names.partition) && !mentions(node, names.sort)) {
    return {.some_without_partition = true};
  }
  Summary joined{.count = 0};
  for (const ExpressionNode& operand : node.operands) {
    const Summary next = summary_of(operand, names);
    joined.count = std::min(disjuncts_max, joined.count + next.count);
    joined.some_without_partition |= next.some_without_partition;
    joined.some_with_conflict |= next.some_with_conflict;
    joined.add_partitions(next);
    joined.negates_sort |= next.negates_sort;
  }
  return joined;
}

Summary summary_of_in(const ExpressionNode& node, const KeyNames& names) {
  const std::size_t count = node.operands.size() - 1;
  if (!is_key_list(node, names.partition)) {
    return {.count = is_key_list(node, names.sort) ? count : 1, .some_without_partition = true};
  }
  Summary summary{.count = count};
  for (std::size_t i = 1; i <= count; ++i) {
    summary.add_partitions({.partition = shortened_partition(node.operands[i].value)});
  }
  return summary;
}

Summary summary_of(const ExpressionNode& node, const KeyNames& names) {
  if (node.kind == NodeKind::logical_and) return summary_of_and(node, names);
  if (node.kind == NodeKind::logical_or) return summary_of_or(node, names);
  if (node.kind == NodeKind::in) return summary_of_in(node, names);
  if (const auto value = partition_value(node, names)) {
    return {.partition = shortened_partition(*value)};
  }
  return {.some_without_partition = true,
          .negates_sort = is_negation(node) && mentions(node, names.sort)};
}

// Creates the disjuncts of a condition.
class Expansion {
 public:
  explicit Expansion(const KeyNames& names) : names_(names) {}

  Disjuncts disjuncts_of(const ExpressionNode& node) {
    if (node.kind == NodeKind::logical_and) return disjuncts_of_and(node);
    if (node.kind == NodeKind::logical_or) return disjuncts_of_or(node);
    if (node.kind == NodeKind::in) return disjuncts_of_in(node);
    return {disjunct_of(node)};
  }

 private:
  // Adds the conditions of `other` to `joined`.
  static void conjoin(Disjunct& joined, const Disjunct& other) {
    if (!joined.partition) joined.partition = other.partition;
    append_distinct(joined.sort, other.sort);
    append_distinct(joined.residual_names, other.residual_names);
    joined.has_residual |= other.has_residual;
  }

  // Appends those of `others` that `all` does not contain. Requires: `others` are distinct.
  template <class T>
  static void append_distinct(std::vector<T>& all, const std::vector<T>& others) {
    const std::size_t count = all.size();
    for (const T& other : others) {
      const auto end = all.begin() + static_cast<std::ptrdiff_t>(count);
      if (std::find(all.begin(), end, other) == end) all.push_back(other);
    }
  }

  // Returns all conjunctions of one disjunct of each operand; those with the first disjunct of the
  // first operand come first. Each is created once, from all its parts.
  Disjuncts disjuncts_of_and(const ExpressionNode& node) {
    std::vector<const ExpressionNode*> operands;
    flatten(node, operands);
    std::vector<Disjuncts> parts;
    std::size_t count = 1;
    for (const ExpressionNode* operand : operands) {
      parts.push_back(disjuncts_of(*operand));
      count *= parts.back().size();
    }
    Disjuncts product(count);
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t block = count;  // of disjuncts with the same part
      for (const Disjuncts& part : parts) {
        block /= part.size();
        conjoin(product[i], part[i / block % part.size()]);
      }
    }
    return product;
  }

  Disjuncts disjuncts_of_or(const ExpressionNode& node) {
    if (!mentions(node, names_.partition) && !mentions(node, names_.sort)) return {residual(node)};
    Disjuncts joined;
    for (const ExpressionNode& operand : node.operands) {
      Disjuncts next = disjuncts_of(operand);
      joined.insert(joined.end(), std::make_move_iterator(next.begin()),
                    std::make_move_iterator(next.end()));
    }
    return joined;
  }

  // The disjuncts of IN: one for each value if it is on a key attribute.
  Disjuncts disjuncts_of_in(const ExpressionNode& node) {
    const bool partition = is_key_list(node, names_.partition);
    if (!partition && !is_key_list(node, names_.sort)) return {residual(node)};
    Disjuncts disjuncts;
    for (std::size_t i = 1; i < node.operands.size(); ++i) {
      const SharedValue& value = node.operands[i].value;
      Disjunct& disjunct = disjuncts.emplace_back();
      if (partition) {
        disjunct.partition = shortened_partition(value);
      } else {
        disjunct.sort = {shared({names_.sort, KeyOperator::equal, {value}})};
      }
    }
    return disjuncts;
  }

  // The disjunct of a condition that is not AND, OR or IN.
  Disjunct disjunct_of(const ExpressionNode& node) {
    if (const auto value = partition_value(node, names_)) {
      return {.partition = shortened_partition(*value)};
    }
    if (auto condition = sort_condition(node, names_.sort)) {
      return {.sort = {shared(*std::move(condition))}};
    }
    return residual(node);
  }

  // Returns the one object for all conditions that are equal to `condition`.
  std::shared_ptr<const KeyCondition> shared(KeyCondition condition) {
    std::string text = concat(static_cast<int>(condition.op));
    for (SharedValue& value : condition.values) {
      value = shortened(value, limits::sort_key_size_bytes_max);
      append_attribute_value(text, value);
    }
    auto& known = conditions_[std::move(text)];
    if (!known) known = std::make_shared<const KeyCondition>(std::move(condition));
    return known;
  }

  const KeyNames& names_;
  std::map<std::string, std::shared_ptr<const KeyCondition>> conditions_;
};

// The read of one disjunct. Of several conditions on the sort attribute, the first equality
// determines the range; without one, the first condition.
KeySelection selection_of(const Disjunct& disjunct) {
  KeySelection selection{{*disjunct.partition}, {}, {}};
  for (const auto& condition : disjunct.sort) {
    if (condition->op != KeyOperator::equal) continue;
    selection.sort_prefix = {condition->values.front()};
    return selection;
  }
  if (!disjunct.sort.empty()) selection.sort_last = *disjunct.sort.front();
  return selection;
}

// One read of a whole partition for each partition in the disjuncts. Stops after one more than
// limits::partiql_reads_max.
std::vector<KeySelection> partitions_of(const Disjuncts& disjuncts) {
  std::vector<KeySelection> reads;
  for (const Disjunct& disjunct : disjuncts) {
    const AttributeValue& partition = *disjunct.partition;
    const bool known = std::any_of(reads.begin(), reads.end(), [&](const KeySelection& read) {
      return read.partition.front() == partition;
    });
    if (!known) reads.push_back({{partition}, {}, {}});
    if (reads.size() > limits::partiql_reads_max) break;
  }
  return reads;
}

Error too_many_reads() {
  return validation_error("Too many decomposed read operations for a given query.");
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
  const KeyNames names(schema);
  const Summary summary = summary_of(*where, names);
  plan.is_keyed = !summary.some_without_partition && !summary.some_with_conflict;
  if (!plan.is_keyed) return plan;
  // Disjuncts with NOT or <> on the sort attribute are not ranges of it; their partitions are read
  // whole.
  const bool reads_partitions = summary.negates_sort && summary.count > 1;
  const std::size_t count_max = reads_partitions ? disjuncts_max - 1 : limits::partiql_reads_max;
  if (summary.count > count_max) return too_many_reads();
  plan.disjuncts = Expansion(names).disjuncts_of(*where);
  if (reads_partitions) {
    plan.reads = partitions_of(plan.disjuncts);
    if (plan.reads.size() > limits::partiql_reads_max) return too_many_reads();
  } else {
    for (const Disjunct& disjunct : plan.disjuncts) plan.reads.push_back(selection_of(disjunct));
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
    for (const auto& condition : disjunct.sort) {
      for (const SharedValue& value : condition->values) {
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
        return *disjunct.partition == *first.partition && disjunct.sort == first.sort;
      });
  if (repeats) return overlapping_reads();
  const bool is_one = plan.disjuncts.size() == 1 && !first.has_residual;
  const bool sort_fits = schema.sort.empty()
                             ? first.sort.empty()
                             : first.sort.size() == 1 && first.sort[0]->op == KeyOperator::equal;
  if (!is_one || !sort_fits) return key;
  key.emplace();
  key->emplace(schema.partition.front().name, *first.partition);
  if (!first.sort.empty()) key->emplace(first.sort[0]->attribute, first.sort[0]->values.front());
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
