#include "protocol/expression/ast.h"

#include <algorithm>
#include <array>

#include "protocol/text.h"

namespace pageturner {
namespace {

// The only places of these names; each list is in the order of its enum.
constexpr std::array<std::string_view, 8> function_names = {
    "attribute_exists", "attribute_not_exists", "attribute_type", "begins_with",
    "contains",         "if_not_exists",        "list_append",    "size"};
static_assert(function_names.size() == static_cast<std::size_t>(Function::unknown));

constexpr std::array<std::string_view, 6> comparator_texts = {"=", "<>", "<", "<=", ">", ">="};
static_assert(comparator_texts.size() ==
              static_cast<std::size_t>(Comparator::greater_or_equal) + 1);

}  // namespace

std::string to_string(const DocumentPath& path) {
  const auto text_of = [](const PathElement& element) {
    const auto* name = std::get_if<std::string>(&element);
    return name != nullptr ? *name : concat('[', std::get<std::size_t>(element), ']');
  };
  return concat('[', join(path.elements, ", ", text_of), ']');
}

std::string_view function_name(Function function) {
  return function_names[static_cast<std::size_t>(function)];
}

Function find_function(std::string_view name) {
  const auto found = std::find(function_names.begin(), function_names.end(), name);
  return static_cast<Function>(found - function_names.begin());  // the end is `unknown`
}

std::string_view comparator_text(Comparator comparator) {
  return comparator_texts[static_cast<std::size_t>(comparator)];
}

std::optional<Comparator> find_comparator(std::string_view text) {
  const auto found = std::find(comparator_texts.begin(), comparator_texts.end(), text);
  if (found == comparator_texts.end()) return std::nullopt;
  return static_cast<Comparator>(found - comparator_texts.begin());
}

std::string_view arithmetic_text(Arithmetic arithmetic) {
  return arithmetic == Arithmetic::add ? "+" : "-";
}

ExpressionNode path_node(DocumentPath path) {
  return {.kind = NodeKind::path, .path = std::move(path)};
}

ExpressionNode path_node(std::string attribute_name) {
  return path_node(DocumentPath{{std::move(attribute_name)}});
}

ExpressionNode value_node(SharedValue value) {
  return {.kind = NodeKind::value, .value = std::move(value)};
}

ExpressionNode operator_node(Function function, std::vector<ExpressionNode> operands) {
  return {.kind = NodeKind::function, .function = function, .operands = std::move(operands)};
}

ExpressionNode operator_node(Comparator comparator, std::vector<ExpressionNode> operands) {
  return {.kind = NodeKind::compare, .comparator = comparator, .operands = std::move(operands)};
}

ExpressionNode operator_node(Arithmetic arithmetic, std::vector<ExpressionNode> operands) {
  return {.kind = NodeKind::arithmetic, .arithmetic = arithmetic, .operands = std::move(operands)};
}

ExpressionNode operator_node(NodeKind kind, std::vector<ExpressionNode> operands) {
  return {.kind = kind, .operands = std::move(operands)};
}

std::string_view operator_name(const ExpressionNode& node) {
  switch (node.kind) {
    case NodeKind::function:
      return node.function == Function::unknown ? node.text : function_name(node.function);
    case NodeKind::compare:
      return comparator_text(node.comparator);
    case NodeKind::arithmetic:
      return arithmetic_text(node.arithmetic);
    case NodeKind::between:
      return "BETWEEN";
    case NodeKind::in:
      return "IN";
    case NodeKind::logical_and:
      return "AND";
    case NodeKind::logical_or:
      return "OR";
    case NodeKind::logical_not:
      return "NOT";
    case NodeKind::path:
    case NodeKind::value:
      break;
  }
  return "";
}

}  // namespace pageturner
