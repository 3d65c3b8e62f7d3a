#include "protocol/expression/condition.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "protocol/part_search.h"
#include "protocol/unicode.h"

namespace pageturner {
namespace {

// size(); nullopt for types without a size.
std::optional<std::size_t> size_of(const AttributeValue& value) {
  switch (type_of(value)) {
    case AttributeType::s:
      return utf16_length(value.as<std::string>());
    case AttributeType::b:
      return value.as<Binary>().bytes.size();
    case AttributeType::ss:
      return value.as<StringSet>().members.size();
    case AttributeType::ns:
      return value.as<NumberSet>().members.size();
    case AttributeType::bs:
      return value.as<BinarySet>().members.size();
    case AttributeType::l:
      return value.as<List>().elements.size();
    case AttributeType::m:
      return value.as<Map>().attributes.size();
    case AttributeType::null:
    case AttributeType::boolean:
    case AttributeType::n:
      break;
  }
  return std::nullopt;
}

bool is_between(const AttributeValue* value, const AttributeValue* lower,
                const AttributeValue* upper) {
  return compare_values(Comparator::greater_or_equal, value, lower) &&
         compare_values(Comparator::less_or_equal, value, upper);
}

// Whether a set, whose members are sorted, has `member`.
template <class T>
bool has_member(const std::vector<T>& members, const T* member) {
  return member != nullptr && std::binary_search(members.begin(), members.end(), *member);
}

bool has_element(const List& list, const AttributeValue& part) {
  return std::find(list.elements.begin(), list.elements.end(), part) != list.elements.end();
}

bool contains(const AttributeValue& value, const AttributeValue& part) {
  const auto* text = part.get_if<std::string>();
  const auto* binary = part.get_if<Binary>();
  switch (type_of(value)) {
    case AttributeType::s:
      return text != nullptr && has_part(value.as<std::string>(), *text);
    case AttributeType::b:
      return binary != nullptr && has_part(value.as<Binary>().bytes, binary->bytes);
    case AttributeType::ss:
      return has_member(value.as<StringSet>().members, text);
    case AttributeType::ns:
      return has_member(value.as<NumberSet>().members, part.get_if<Number>());
    case AttributeType::bs:
      return has_member(value.as<BinarySet>().members,
                        binary != nullptr ? &binary->bytes : nullptr);
    case AttributeType::l:
      return has_element(value.as<List>(), part);
    case AttributeType::null:
    case AttributeType::boolean:
    case AttributeType::n:
    case AttributeType::m:
      break;
  }
  return false;
}

bool has_descriptor(const AttributeValue& value, const AttributeValue& descriptor) {
  return type_descriptor(type_of(value)) == descriptor.as<std::string>();
}

// The value at the first `count` elements of `path`, whose top-level attribute is `value`. Value is
// AttributeValue, const or not.
template <class Value>
Value* find_below(const DocumentPath& path, std::size_t count, Value* value) {
  for (std::size_t i = 1; i < count && value != nullptr; ++i) {
    if (const auto* name = std::get_if<std::string>(&path.elements[i])) {
      auto* map = std::get_if<Map>(&value->data);
      if (map == nullptr) return nullptr;
      value = map->find(*name);
    } else {
      const std::size_t index = std::get<std::size_t>(path.elements[i]);
      auto* list = std::get_if<List>(&value->data);
      value = list != nullptr && index < list->elements.size() ? &list->elements[index] : nullptr;
    }
  }
  return value;
}

// Whether a comparison of `value` with an equal one can take long.
bool is_long(const AttributeValue& value) {
  constexpr std::size_t few_members = 16;
  switch (type_of(value)) {
    case AttributeType::ss:
      return value.as<StringSet>().members.size() > few_members;
    case AttributeType::ns:
      return value.as<NumberSet>().members.size() > few_members;
    case AttributeType::bs:
      return value.as<BinarySet>().members.size() > few_members;
    case AttributeType::l:
      return !value.as<List>().elements.empty();
    case AttributeType::m:
      return !value.as<Map>().attributes.empty();
    case AttributeType::null:
    case AttributeType::boolean:
    case AttributeType::s:
    case AttributeType::n:
    case AttributeType::b:
      break;
  }
  return false;
}

// The order of scalars of any of the types S, N and B: by type, then as compare_scalars().
bool precedes_scalar(const AttributeValue* left, const AttributeValue* right) {
  if (type_of(*left) != type_of(*right)) return type_of(*left) < type_of(*right);
  return *compare_scalars(*left, *right) < 0;
}

bool is_ordered(const AttributeValue& value) {
  return type_of(value) == AttributeType::s || type_of(value) == AttributeType::n ||
         type_of(value) == AttributeType::b;
}

}  // namespace

struct PreparedCondition::Parts {
  // The candidates of an IN.
  struct Candidates {
    std::vector<const AttributeValue*> scalars;  // sorted
    std::vector<const ExpressionNode*> others;
  };
  // The operands of an AND or OR by the attributes that they use.
  struct OperandIndex {
    bool decisive;  // the result as soon as an operand has it: true for OR
    // The names of the attributes with the indexes of the operands, sorted.
    std::vector<std::pair<std::string_view, std::uint32_t>> by_name;
    std::vector<bool> decides_absent;  // of each operand: it is `decisive` without its attributes
    std::size_t decide_absent;         // how many are
  };

  ExpressionNode root;
  std::size_t paths = 0;          // that have a number
  std::vector<Candidates> lists;  // of the INs that have a number
  std::optional<OperandIndex> index;
};

namespace {

using ConditionParts = PreparedCondition::Parts;

// The evaluation of a condition on one item.
class Evaluation {
 public:
  // `parts` of a condition without preparation is nullptr.
  explicit Evaluation(const AttributeSource& item, const ConditionParts* parts = nullptr)
      : item_(item), parts_(parts) {
    if (parts != nullptr && parts->paths > 0) found_.assign(parts->paths, &not_looked_up);
  }

  bool is_true(const ExpressionNode& condition) {
    const auto& operands = condition.operands;
    switch (condition.kind) {
      case NodeKind::logical_and:
        return std::all_of(operands.begin(), operands.end(),
                           [&](const ExpressionNode& operand) { return is_true(operand); });
      case NodeKind::logical_or:
        return std::any_of(operands.begin(), operands.end(),
                           [&](const ExpressionNode& operand) { return is_true(operand); });
      case NodeKind::logical_not:
        return !is_true(operands[0]);
      case NodeKind::compare: {
        Computed left;
        Computed right;
        const AttributeValue* first = value_of(operands[0], left);
        return is_true(condition.comparator, first, value_of(operands[1], right));
      }
      case NodeKind::between: {
        Computed computed[3];
        const AttributeValue* values[3];
        for (std::size_t i = 0; i < 3; ++i) values[i] = value_of(operands[i], computed[i]);
        return is_between(values[0], values[1], values[2]);
      }
      case NodeKind::in:
        return is_in(condition);
      case NodeKind::function:
        return is_function_true(condition);
      case NodeKind::path:  // attribute_exists or attribute_not_exists of legacy parameters
        if (condition.function == Function::attribute_exists) return find(condition) != nullptr;
        return condition.function == Function::attribute_not_exists && find(condition) == nullptr;
      case NodeKind::value:
      case NodeKind::arithmetic:
        break;
    }
    return false;
  }

  // Evaluates an AND or OR with an index: the operands on absent attributes are not evaluated.
  // Returns nullopt if the attributes of the item cannot be listed.
  std::optional<bool> is_true(const ConditionParts::OperandIndex& index,
                              const ExpressionNode& condition) {
    absl::InlinedVector<std::uint32_t, 32> present;
    const bool listed = item_.visit_names([&](std::string_view name) {
      auto at = std::lower_bound(index.by_name.begin(), index.by_name.end(),
                                 std::pair(name, std::uint32_t{0}));
      for (; at != index.by_name.end() && at->first == name; ++at) present.push_back(at->second);
    });
    if (!listed) return std::nullopt;
    std::sort(present.begin(), present.end());
    present.erase(std::unique(present.begin(), present.end()), present.end());
    const auto decides = [&](std::uint32_t i) { return index.decides_absent[i]; };
    const auto present_count = std::count_if(present.begin(), present.end(), decides);
    if (index.decide_absent > static_cast<std::size_t>(present_count)) return index.decisive;
    const bool any_decides = std::any_of(present.begin(), present.end(), [&](std::uint32_t i) {
      return is_true(condition.operands[i]) == index.decisive;
    });
    return any_decides ? index.decisive : !index.decisive;
  }

 private:
  // Holds the value of an operand that is computed.
  using Computed = std::optional<AttributeValue>;

  // Returns the value of an operand: one of the item or the expression, or `computed`; nullptr
  // for an absent attribute.
  const AttributeValue* value_of(const ExpressionNode& node, Computed& computed) {
    if (node.kind == NodeKind::value) return &node.value.get();
    if (node.kind == NodeKind::path) return find(node);
    if (node.kind == NodeKind::function && node.function == Function::size) {
      Computed argument;
      const AttributeValue* value = value_of(node.operands.front(), argument);
      const auto size = value != nullptr ? size_of(*value) : std::nullopt;
      if (!size) return nullptr;
      return &computed.emplace(AttributeValue{Number::parse(std::to_string(*size)).value()});
    }
    // PartiQL accepts conditions as operands, of type BOOL.
    return &computed.emplace(AttributeValue{is_true(node)});
  }

  // Looks a path that has a number up once.
  const AttributeValue* find(const ExpressionNode& node) {
    if (node.number == 0 || node.number > found_.size()) return find_path(node.path, item_);
    const AttributeValue*& found = found_[node.number - 1];
    if (found == &not_looked_up) found = find_path(node.path, item_);
    return found;
  }

  bool is_true(Comparator comparator, const AttributeValue* left, const AttributeValue* right) {
    if (comparator == Comparator::equal) return are_equal(left, right);
    if (comparator == Comparator::not_equal) return !are_equal(left, right);
    return compare_values(comparator, left, right);
  }

  bool are_equal(const AttributeValue* left, const AttributeValue* right) {
    if (left == nullptr || right == nullptr) return false;
    if (left->data.index() != right->data.index()) return false;
    if (!is_long(*left)) return *left == *right;
    return known_or(known().equal, left, right, [&] { return *left == *right; });
  }

  // A list is searched for a list or map at the cost of a comparison with each element.
  bool is_contained(const AttributeValue& value, const AttributeValue& part) {
    if (type_of(value) != AttributeType::l || !is_long(part)) return contains(value, part);
    return known_or(known().containing, &value, &part, [&] { return contains(value, part); });
  }

  // Results by the addresses of two values of the item or the expression. They are kept, because
  // an expression can compare the same two sets of 60,000 members 1,900 times.
  using Pairs = std::map<std::pair<const AttributeValue*, const AttributeValue*>, bool>;

  struct Known {
    Pairs equal;
    Pairs containing;
  };

  // Most items need none of it.
  Known& known() {
    if (known_ == nullptr) known_ = std::make_unique<Known>();
    return *known_;
  }

  // Returns what is known of the two values, or computes it.
  template <class Compute>
  static bool known_or(Pairs& pairs, const AttributeValue* left, const AttributeValue* right,
                       Compute compute) {
    const auto [pair, is_new] = pairs.try_emplace(std::pair(left, right));
    if (is_new) pair->second = compute();
    return pair->second;
  }

  // Whether `predicate` is true for both operands of `node`. False if one is absent.
  template <class Predicate>
  bool is_true_of_both(const ExpressionNode& node, Predicate predicate) {
    Computed first;
    Computed second;
    const AttributeValue* left = value_of(node.operands[0], first);
    if (left == nullptr) return false;
    const AttributeValue* right = value_of(node.operands[1], second);
    return right != nullptr && predicate(*left, *right);
  }

  bool is_function_true(const ExpressionNode& node) {
    Computed computed;
    switch (node.function) {
      case Function::attribute_exists:
        return value_of(node.operands[0], computed) != nullptr;
      case Function::attribute_not_exists:
        return value_of(node.operands[0], computed) == nullptr;
      case Function::attribute_type:
        return is_true_of_both(node, has_descriptor);  // check_operands: the second is a string
      case Function::begins_with:
        return is_true_of_both(node, begins_with);
      case Function::contains: {
        // The results for computed operands, which have no lasting address, are not kept: these are
        // numbers and booleans.
        return is_true_of_both(node, [&](const AttributeValue& value, const AttributeValue& part) {
          return is_contained(value, part);
        });
      }
      case Function::if_not_exists:
      case Function::list_append:
      case Function::size:
      case Function::unknown:
        break;  // not conditions
    }
    return false;
  }

  bool is_in(const ExpressionNode& node) {
    Computed computed;
    const AttributeValue* value = value_of(node.operands.front(), computed);
    if (value == nullptr) return false;
    const auto equals = [&](const ExpressionNode& candidate) {
      Computed other;
      return are_equal(value, value_of(candidate, other));
    };
    if (node.number == 0 || parts_ == nullptr) {
      return std::any_of(node.operands.begin() + 1, node.operands.end(), equals);
    }
    const ConditionParts::Candidates& candidates = parts_->lists[node.number - 1];
    const auto& scalars = candidates.scalars;
    if (is_ordered(*value) &&
        std::binary_search(scalars.begin(), scalars.end(), value, precedes_scalar)) {
      return true;
    }
    return std::any_of(candidates.others.begin(), candidates.others.end(),
                       [&](const ExpressionNode* candidate) { return equals(*candidate); });
  }

  static inline const AttributeValue not_looked_up;

  const AttributeSource& item_;
  const ConditionParts* parts_;
  absl::InlinedVector<const AttributeValue*, 8> found_;  // by the numbers of paths
  std::unique_ptr<Known> known_;
};

// Collects the paths of a condition, and sorts and numbers its long lists of IN.
class Preparation {
 public:
  explicit Preparation(ConditionParts& parts) : parts_(parts) { visit(parts.root); }

  // Gives numbers to the paths that the condition uses several times.
  void number_paths() {
    constexpr std::size_t numbers_max = 4096;  // the lookups of an item are that many pointers
    if (paths_.size() < 2) return;
    const auto less = [](const ExpressionNode* left, const ExpressionNode* right) {
      return left->path.elements < right->path.elements;
    };
    std::sort(paths_.begin(), paths_.end(), less);
    for (auto begin = paths_.begin(); begin != paths_.end() && parts_.paths < numbers_max;) {
      const auto end = std::upper_bound(begin, paths_.end(), *begin, less);
      if (end - begin > 1) {
        const auto number = static_cast<std::uint32_t>(++parts_.paths);
        std::for_each(begin, end, [&](ExpressionNode* node) { node->number = number; });
      }
      begin = end;
    }
  }

  // Creates the index if the condition joins many.
  void index_operands() {
    constexpr std::size_t many = 32;
    const ExpressionNode& root = parts_.root;
    const bool joins = root.kind == NodeKind::logical_and || root.kind == NodeKind::logical_or;
    if (!joins || root.operands.size() < many) return;
    ConditionParts::OperandIndex& index = parts_.index.emplace();  // all zero
    index.decisive = root.kind == NodeKind::logical_or;
    index.by_name.reserve(root.operands.size());
    const EmptySource nothing;
    Evaluation without_attributes(nothing, &parts_);
    for (std::uint32_t i = 0; i < root.operands.size(); ++i) {
      const ExpressionNode& operand = root.operands[i];
      for_each_path(operand, [&](const DocumentPath& path) {
        index.by_name.emplace_back(path.top_level_name(), i);
      });
      const bool decides = without_attributes.is_true(operand) == index.decisive;
      index.decides_absent.push_back(decides);
      if (decides) ++index.decide_absent;
    }
    std::sort(index.by_name.begin(), index.by_name.end());
  }

 private:
  void visit(ExpressionNode& node) {
    if (node.kind == NodeKind::path) paths_.push_back(&node);
    constexpr std::size_t few_operands = 8;
    if (node.kind == NodeKind::in && node.operands.size() > few_operands) sort_candidates(node);
    for (ExpressionNode& operand : node.operands) visit(operand);
  }

  void sort_candidates(ExpressionNode& node) {
    ConditionParts::Candidates& candidates = parts_.lists.emplace_back();
    node.number = static_cast<std::uint32_t>(parts_.lists.size());
    for (std::size_t i = 1; i < node.operands.size(); ++i) {
      const ExpressionNode& candidate = node.operands[i];
      if (candidate.kind == NodeKind::value && is_ordered(candidate.value)) {
        candidates.scalars.push_back(&candidate.value.get());
      } else {
        candidates.others.push_back(&candidate);
      }
    }
    std::sort(candidates.scalars.begin(), candidates.scalars.end(), precedes_scalar);
  }

  ConditionParts& parts_;
  std::vector<ExpressionNode*> paths_;
};

}  // namespace

std::optional<std::strong_ordering> compare_scalars(const AttributeValue& left,
                                                    const AttributeValue& right) {
  if (left.data.index() != right.data.index()) return std::nullopt;
  if (const auto* text = left.get_if<std::string>()) return *text <=> right.as<std::string>();
  if (const auto* number = left.get_if<Number>()) return *number <=> right.as<Number>();
  if (const auto* binary = left.get_if<Binary>()) return binary->bytes <=> right.as<Binary>().bytes;
  return std::nullopt;
}

bool compare_values(Comparator comparator, const AttributeValue* left,
                    const AttributeValue* right) {
  const bool present = left != nullptr && right != nullptr;
  const auto ordered_as = [&](auto predicate) {
    if (!present) return false;
    const auto order = compare_scalars(*left, *right);
    return order.has_value() && predicate(*order);
  };
  switch (comparator) {
    case Comparator::equal:
      return present && *left == *right;
    case Comparator::not_equal:
      return !(present && *left == *right);
    case Comparator::less:
      return ordered_as([](std::strong_ordering order) { return order < 0; });
    case Comparator::less_or_equal:
      return ordered_as([](std::strong_ordering order) { return order <= 0; });
    case Comparator::greater:
      return ordered_as([](std::strong_ordering order) { return order > 0; });
    case Comparator::greater_or_equal:
      break;
  }
  return ordered_as([](std::strong_ordering order) { return order >= 0; });
}

bool begins_with(const AttributeValue& value, const AttributeValue& prefix) {
  if (const auto* text = value.get_if<std::string>()) {
    const auto* start = prefix.get_if<std::string>();
    return start != nullptr && text->starts_with(*start);
  }
  if (const auto* binary = value.get_if<Binary>()) {
    const auto* start = prefix.get_if<Binary>();
    return start != nullptr && binary->bytes.starts_with(start->bytes);
  }
  return false;
}

const AttributeValue* find_path(const DocumentPath& path, const AttributeSource& item) {
  return find_below(path, path.elements.size(), item.find(path.top_level_name()));
}

const AttributeValue* find_parent(const DocumentPath& path, const AttributeSource& item) {
  return find_below(path, path.elements.size() - 1, item.find(path.top_level_name()));
}

AttributeValue* find_parent(const DocumentPath& path, AttributeValue& attribute) {
  return find_below(path, path.elements.size() - 1, &attribute);
}

bool evaluate_condition(const ExpressionNode& condition, const AttributeSource& item) {
  return Evaluation(item).is_true(condition);
}

PreparedCondition::PreparedCondition(ExpressionNode condition) {
  // Its nodes have their places before anything refers to them.
  auto parts = std::make_shared<Parts>(Parts{.root = std::move(condition)});
  Preparation preparation(*parts);
  preparation.number_paths();
  preparation.index_operands();
  parts_ = std::move(parts);
}

bool PreparedCondition::evaluate(const AttributeSource& item) const {
  Evaluation evaluation(item, parts_.get());
  if (parts_->index) {
    if (const auto result = evaluation.is_true(*parts_->index, parts_->root)) return *result;
  }
  return evaluation.is_true(parts_->root);
}

}  // namespace pageturner
