#include "protocol/expression/condition.h"

#include <algorithm>

#include "protocol/unicode.h"

namespace pageturner {
namespace {

// The value of an operand: a reference to a value in the item or the expression, or a computed one.
class OperandValue {
 public:
  explicit OperandValue(const AttributeValue* found) : found_(found) {}
  explicit OperandValue(AttributeValue computed) : computed_(std::move(computed)) {}

  // nullptr if there is no value.
  const AttributeValue* get() const { return computed_ ? &*computed_ : found_; }

 private:
  const AttributeValue* found_ = nullptr;
  std::optional<AttributeValue> computed_;
};

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

OperandValue evaluate_size(const ExpressionNode& node, const AttributeSource& item);

OperandValue evaluate_operand(const ExpressionNode& node, const AttributeSource& item) {
  switch (node.kind) {
    case NodeKind::value:
      return OperandValue(&node.value);
    case NodeKind::path:
      return OperandValue(find_path(node.path, item));
    case NodeKind::function:
      if (node.function == Function::size) return evaluate_size(node, item);
      break;
    case NodeKind::compare:
    case NodeKind::between:
    case NodeKind::in:
    case NodeKind::logical_and:
    case NodeKind::logical_or:
    case NodeKind::logical_not:
    case NodeKind::arithmetic:
      break;
  }
  // PartiQL accepts conditions as operands, of type BOOL.
  return OperandValue(AttributeValue{evaluate_condition(node, item)});
}

OperandValue evaluate_size(const ExpressionNode& node, const AttributeSource& item) {
  const OperandValue argument = evaluate_operand(node.operands.front(), item);
  const auto size = argument.get() != nullptr ? size_of(*argument.get()) : std::nullopt;
  if (!size) return OperandValue(nullptr);
  return OperandValue(AttributeValue{Number::parse(std::to_string(*size)).value()});
}

bool is_between(const AttributeValue* value, const AttributeValue* lower,
                const AttributeValue* upper) {
  return compare_values(Comparator::greater_or_equal, value, lower) &&
         compare_values(Comparator::less_or_equal, value, upper);
}

template <class T>
bool has_member(const std::vector<T>& members, const T* member) {
  return member != nullptr && std::find(members.begin(), members.end(), *member) != members.end();
}

bool contains(const AttributeValue& value, const AttributeValue& part) {
  const auto* text = part.get_if<std::string>();
  const auto* binary = part.get_if<Binary>();
  switch (type_of(value)) {
    case AttributeType::s:
      return text != nullptr && value.as<std::string>().find(*text) != std::string::npos;
    case AttributeType::b:
      return binary != nullptr && value.as<Binary>().bytes.find(binary->bytes) != std::string::npos;
    case AttributeType::ss:
      return has_member(value.as<StringSet>().members, text);
    case AttributeType::ns:
      return has_member(value.as<NumberSet>().members, part.get_if<Number>());
    case AttributeType::bs:
      return has_member(value.as<BinarySet>().members,
                        binary != nullptr ? &binary->bytes : nullptr);
    case AttributeType::l:
      return has_member(value.as<List>().elements, &part);
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

// Whether `predicate` is true for both operands of `node`. False if one is absent.
template <class Predicate>
bool holds_for_both(const ExpressionNode& node, const AttributeSource& item, Predicate predicate) {
  const OperandValue first = evaluate_operand(node.operands[0], item);
  if (first.get() == nullptr) return false;
  const OperandValue second = evaluate_operand(node.operands[1], item);
  return second.get() != nullptr && predicate(*first.get(), *second.get());
}

bool evaluate_function(const ExpressionNode& node, const AttributeSource& item) {
  switch (node.function) {
    case Function::attribute_exists:
      return evaluate_operand(node.operands[0], item).get() != nullptr;
    case Function::attribute_not_exists:
      return evaluate_operand(node.operands[0], item).get() == nullptr;
    case Function::attribute_type:
      return holds_for_both(node, item, has_descriptor);  // check_operands: the second is a string
    case Function::begins_with:
      return holds_for_both(node, item, begins_with);
    case Function::contains:
      return holds_for_both(node, item, contains);
    case Function::if_not_exists:
    case Function::list_append:
    case Function::size:
    case Function::unknown:
      break;  // not conditions
  }
  return false;
}

bool in_list(const ExpressionNode& node, const AttributeSource& item) {
  const OperandValue value = evaluate_operand(node.operands.front(), item);
  return std::any_of(node.operands.begin() + 1, node.operands.end(),
                     [&](const ExpressionNode& candidate) {
                       return compare_values(Comparator::equal, value.get(),
                                             evaluate_operand(candidate, item).get());
                     });
}

// The value at `path`, whose top-level attribute is `value`. Value is AttributeValue, const or not.
template <class Value>
Value* find_below(const DocumentPath& path, Value* value) {
  for (std::size_t i = 1; i < path.elements.size() && value != nullptr; ++i) {
    if (const auto* name = std::get_if<std::string>(&path.elements[i])) {
      auto* map = std::get_if<Map>(&value->data);
      if (map == nullptr) return nullptr;
      const auto found = map->attributes.find(*name);
      value = found == map->attributes.end() ? nullptr : &found->second;
    } else {
      const std::size_t index = std::get<std::size_t>(path.elements[i]);
      auto* list = std::get_if<List>(&value->data);
      value = list != nullptr && index < list->elements.size() ? &list->elements[index] : nullptr;
    }
  }
  return value;
}

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
  return find_below(path, item.find(path.top_level_name()));
}

AttributeValue* find_path(const DocumentPath& path, AttributeValue& attribute) {
  return find_below(path, &attribute);
}

bool evaluate_condition(const ExpressionNode& condition, const AttributeSource& item) {
  const auto& operands = condition.operands;
  switch (condition.kind) {
    case NodeKind::logical_and:
      return std::all_of(operands.begin(), operands.end(), [&](const ExpressionNode& operand) {
        return evaluate_condition(operand, item);
      });
    case NodeKind::logical_or:
      return std::any_of(operands.begin(), operands.end(), [&](const ExpressionNode& operand) {
        return evaluate_condition(operand, item);
      });
    case NodeKind::logical_not:
      return !evaluate_condition(operands[0], item);
    case NodeKind::compare:
      return compare_values(condition.comparator, evaluate_operand(operands[0], item).get(),
                            evaluate_operand(operands[1], item).get());
    case NodeKind::between:
      return is_between(evaluate_operand(operands[0], item).get(),
                        evaluate_operand(operands[1], item).get(),
                        evaluate_operand(operands[2], item).get());
    case NodeKind::in:
      return in_list(condition, item);
    case NodeKind::function:
      return evaluate_function(condition, item);
    case NodeKind::path:
    case NodeKind::value:
    case NodeKind::arithmetic:
      break;
  }
  return false;
}

}  // namespace pageturner
