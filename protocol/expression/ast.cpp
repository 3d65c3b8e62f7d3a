#include "protocol/expression/ast.h"

namespace pageturner {

std::string to_string(const DocumentPath& path) {
  std::string text = "[";
  for (const PathElement& element : path.elements) {
    if (text.size() > 1) text += ", ";
    if (const auto* name = std::get_if<std::string>(&element)) {
      text += *name;
    } else {
      text += "[" + std::to_string(std::get<std::size_t>(element)) + "]";
    }
  }
  return text += "]";
}

ExpressionNode path_node(DocumentPath path) {
  return {.kind = NodeKind::path, .path = std::move(path)};
}

ExpressionNode path_node(std::string attribute_name) {
  return path_node(DocumentPath{{std::move(attribute_name)}});
}

ExpressionNode value_node(AttributeValue value) {
  return {.kind = NodeKind::value, .value = std::move(value)};
}

ExpressionNode operator_node(NodeKind kind, std::string text,
                             std::vector<ExpressionNode> operands) {
  return {.kind = kind, .text = std::move(text), .operands = std::move(operands)};
}

std::string_view operator_name(const ExpressionNode& node) {
  switch (node.kind) {
    case NodeKind::function:
    case NodeKind::compare:
    case NodeKind::arithmetic:
      return node.text;
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
