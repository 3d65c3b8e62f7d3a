// The tree of an expression. Expression texts, legacy parameters and PartiQL all become this tree.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "protocol/shared_value.h"

namespace pageturner {

// One step into an item: the name of an attribute or of a map's member, or the index in a list.
using PathElement = std::variant<std::string, std::size_t>;

// The position of a value in an item. The first element is a name.
struct DocumentPath {
  std::vector<PathElement> elements;

  const std::string& top_level_name() const { return std::get<std::string>(elements.front()); }
  bool is_top_level() const { return elements.size() == 1; }
  bool operator==(const DocumentPath&) const = default;
};

// Returns `path` in the form of the service's messages: [a, [0], b].
std::string to_string(const DocumentPath& path);

enum class NodeKind : std::uint8_t {
  path,         // `path`. As a condition, of legacy parameters only, `function` is attribute_exists
                // or attribute_not_exists: one node instead of two, because a request may have
                // 700,000
  value,        // `value`
  function,     // `function`; the operands are its arguments
  compare,      // `comparator`; two operands
  between,      // operands: value, lower bound, upper bound
  in,           // operands: value, then the list
  logical_and,  // two operands or more
  logical_or,   // two operands or more
  logical_not,
  arithmetic,  // `arithmetic`; two operands; in updates only
};

// Source: guide, "Comparison operator and function reference", "Update expressions".
enum class Function : std::uint8_t {
  attribute_exists,
  attribute_not_exists,
  attribute_type,
  begins_with,
  contains,
  if_not_exists,
  list_append,
  size,
  unknown,  // the node's `text` is the name; parsers refuse such a tree before they return it
};

enum class Comparator : std::uint8_t {
  equal,
  not_equal,
  less,
  less_or_equal,
  greater,
  greater_or_equal,
};

enum class Arithmetic : std::uint8_t { add, subtract };

// Returns the name of `function`, "begins_with". Requires: not Function::unknown.
std::string_view function_name(Function function);

// Returns the function with this name, in lower case as expressions require it, or unknown.
Function find_function(std::string_view name);

// Returns the text of `comparator` in expressions: "<>".
std::string_view comparator_text(Comparator comparator);

// Returns the comparator with this text, or nullopt.
std::optional<Comparator> find_comparator(std::string_view text);

// Returns "+" or "-".
std::string_view arithmetic_text(Arithmetic arithmetic);

// A node of an expression. After parsing, names and values are placeholders: names in a path may
// start with '#', and the `text` of a value is its ":name". Placeholders::resolve() replaces them.
struct ExpressionNode {
  NodeKind kind = NodeKind::path;
  Function function = Function::unknown;
  Comparator comparator = Comparator::equal;
  Arithmetic arithmetic = Arithmetic::add;
  std::uint32_t number = 0;  // of a path or an IN in a PreparedCondition, from 1; 0: it has none
  std::string text = {};
  DocumentPath path = {};
  SharedValue value = {};
  std::vector<ExpressionNode> operands = {};
};

// Return a node of the given kind.
ExpressionNode path_node(DocumentPath path);
ExpressionNode path_node(std::string attribute_name);
ExpressionNode value_node(SharedValue value);
ExpressionNode operator_node(Function function, std::vector<ExpressionNode> operands);
ExpressionNode operator_node(Comparator comparator, std::vector<ExpressionNode> operands);
ExpressionNode operator_node(Arithmetic arithmetic, std::vector<ExpressionNode> operands);
// Requires: `kind` is BETWEEN, IN, AND, OR or NOT.
ExpressionNode operator_node(NodeKind kind, std::vector<ExpressionNode> operands);

// Returns `nodes` as a vector. Moves them; an initializer list would copy each tree.
template <class... Nodes>
std::vector<ExpressionNode> operand_list(Nodes&&... nodes) {
  std::vector<ExpressionNode> operands;
  operands.reserve(sizeof...(nodes));
  (operands.push_back(std::forward<Nodes>(nodes)), ...);
  return operands;
}

// Calls `visit` with each path in `node`, in the order of the text.
template <class Visit>
void for_each_path(const ExpressionNode& node, Visit visit) {
  if (node.kind == NodeKind::path) visit(node.path);
  for (const ExpressionNode& operand : node.operands) for_each_path(operand, visit);
}

// Returns the function or operator as messages name it: "begins_with", "=", "BETWEEN", "IN". Empty
// for paths and values.
std::string_view operator_name(const ExpressionNode& node);

}  // namespace pageturner
