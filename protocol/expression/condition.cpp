#include "protocol/expression/condition.h"

#include <algorithm>

#include "protocol/unicode.h"

namespace pageturner {
namespace {

// What an operand comes to: a value that stands somewhere else, or one just computed.
class OperandValue {
 public:
  explicit OperandValue(const AttributeValue* found) : found_(found) {}
  explicit OperandValue(AttributeValue computed) : computed_(std::move(computed)) {}

  // nullptr where there is no value.
  const AttributeValue* get() const { return computed_ ? &*computed_ : found_; }

 private:
  const AttributeValue* found_ = nullptr;
  std::optional<AttributeValue> computed_;
};

// size(): nothing for types that have none.
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

OperandValue evaluate_operand(const ExpressionNode& node, const AttributeSource& item) {
  if (node.kind == NodeKind::value) return OperandValue(&node.value);
  if (node.kind == NodeKind::path) return OperandValue(find_path(node.path, item));
  // Of functions size() alone gives a value. PartiQL takes conditions for operands too: booleans.
  const bool is_size = node.kind == NodeKind::function && node.text == "size";
  if (!is_size) return OperandValue(AttributeValue{evaluate_condition(node, item)});
  const OperandValue argument = evaluate_operand(node.operands.front(), item);
  const auto size = argument.get() != nullptr ? size_of(*argument.get()) : std::nullopt;
  if (!size) return OperandValue(nullptr);
  return OperandValue(AttributeValue{Number::parse(std::to_string(*size)).value()});
}

bool compare(std::string_view comparator, const AttributeValue* left, const AttributeValue* right) {
  const bool equal = left != nullptr && right != nullptr && *left == *right;
  if (comparator == "=") return equal;
  if (comparator == "<>") return !equal;
  if (left == nullptr || right == nullptr) return false;
  const auto order = compare_scalars(*left, *right);
  if (!order) return false;
  if (comparator == "<") return *order < 0;
  if (comparator == "<=") return *order <= 0;
  if (comparator == ">") return *order > 0;
  return *order >= 0;
}

bool between(const AttributeValue* value, const AttributeValue* lower,
             const AttributeValue* upper) {
  return compare(">=", value, lower) && compare("<=", value, upper);
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

bool evaluate_function(const ExpressionNode& node, const AttributeSource& item) {
  const OperandValue first = evaluate_operand(node.operands[0], item);
  if (node.text == "attribute_exists") return first.get() != nullptr;
  if (node.text == "attribute_not_exists") return first.get() == nullptr;
  const OperandValue second = evaluate_operand(node.operands[1], item);
  if (first.get() == nullptr || second.get() == nullptr) return false;
  if (node.text == "begins_with") return begins_with(*first.get(), *second.get());
  if (node.text == "contains") return contains(*first.get(), *second.get());
  // attribute_type: resolve() has seen to it that the second operand is a string.
  return type_descriptor(type_of(*first.get())) == second.get()->as<std::string>();
}

bool in_list(const ExpressionNode& node, const AttributeSource& item) {
  const OperandValue value = evaluate_operand(node.operands.front(), item);
  return std::any_of(node.operands.begin() + 1, node.operands.end(),
                     [&](const ExpressionNode& candidate) {
                       return compare("=", value.get(), evaluate_operand(candidate, item).get());
                     });
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

const AttributeValue* find_path(const DocumentPath& path, const AttributeSource& item) {
  const AttributeValue* value = item.find(path.top_level_name());
  for (std::size_t i = 1; i < path.elements.size() && value != nullptr; ++i) {
    if (const auto* name = std::get_if<std::string>(&path.elements[i])) {
      const auto* map = value->get_if<Map>();
      if (map == nullptr) return nullptr;
      const auto found = map->attributes.find(*name);
      value = found == map->attributes.end() ? nullptr : &found->second;
    } else {
      const std::size_t index = std::get<std::size_t>(path.elements[i]);
      const auto* list = value->get_if<List>();
      value = list != nullptr && index < list->elements.size() ? &list->elements[index] : nullptr;
    }
  }
  return value;
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
      return compare(condition.text, evaluate_operand(operands[0], item).get(),
                     evaluate_operand(operands[1], item).get());
    case NodeKind::between:
      return between(evaluate_operand(operands[0], item).get(),
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
