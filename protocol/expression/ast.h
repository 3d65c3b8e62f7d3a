// What an expression means, however it was said: as text or with the older parameters.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/attribute_value.h"

namespace pageturner {

// One step into an item: the name of an attribute or of a map's member, or the index in a list.
using PathElement = std::variant<std::string, std::size_t>;

// Where a value stands in an item. The first element is a name.
struct DocumentPath {
  std::vector<PathElement> elements;

  const std::string& top_level_name() const { return std::get<std::string>(elements.front()); }
  bool is_top_level() const { return elements.size() == 1; }
  bool operator==(const DocumentPath&) const = default;
};

// The path as the service's messages show it: [a, [0], b].
std::string to_string(const DocumentPath& path);

enum class NodeKind : std::uint8_t {
  path,         // `path`
  value,        // `value`
  function,     // `text` is its name, `operands` its arguments
  compare,      // `text` is the operator, two operands
  between,      // operands: value, lower bound, upper bound
  in,           // operands: value, then the list
  logical_and,  // two operands or more
  logical_or,   // two operands or more
  logical_not,
  arithmetic,  // only in updates: `text` is + or -, two operands
};

// A node of an expression. As the parser leaves it, names and values still are placeholders (a
// path's names may start with '#', a value's `text` is its ":name"); resolve() puts in what they
// stand for.
struct ExpressionNode {
  NodeKind kind = NodeKind::path;
  std::string text = {};
  DocumentPath path = {};
  AttributeValue value = {};
  std::vector<ExpressionNode> operands = {};
};

// The parts of the same tree that parameters other than texts build.
ExpressionNode path_node(DocumentPath path);
ExpressionNode path_node(std::string attribute_name);
ExpressionNode value_node(AttributeValue value);
ExpressionNode operator_node(NodeKind kind, std::string text, std::vector<ExpressionNode> operands);

// The function or operator as messages name it: "begins_with", "=", "BETWEEN", "IN".
std::string_view operator_name(const ExpressionNode& node);

}  // namespace pageturner
