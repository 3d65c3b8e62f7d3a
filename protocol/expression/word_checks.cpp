#include "protocol/expression/word_checks.h"

#include <algorithm>

#include "protocol/expression/reserved_words.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

// The expression that a function is in.
enum class Setting { condition, update };

Setting setting_of(Function function) {
  switch (function) {
    case Function::attribute_exists:
    case Function::attribute_not_exists:
    case Function::attribute_type:
    case Function::begins_with:
    case Function::contains:
    case Function::size:
    case Function::unknown:
      return Setting::condition;
    case Function::if_not_exists:
    case Function::list_append:
      break;
  }
  return Setting::update;
}

// Whether `function` is a condition. All others are operands.
bool returns_boolean(Function function) {
  switch (function) {
    case Function::attribute_exists:
    case Function::attribute_not_exists:
    case Function::attribute_type:
    case Function::begins_with:
    case Function::contains:
      return true;
    case Function::if_not_exists:
    case Function::list_append:
    case Function::size:
    case Function::unknown:
      break;
  }
  return false;
}

Error misused(Function function) {
  return validation_error(
      concat("The function is not allowed to be used this way in an expression; function: ",
             function_name(function)));
}

Result<void> check_function(const ExpressionNode& node, bool as_operand, Setting setting) {
  const Function function = node.function;
  if (function == Function::unknown) {
    return validation_error(concat("Invalid function name; function: ", node.text));
  }
  if (setting_of(function) != setting) {
    return validation_error(concat("The function is not allowed in ",
                                   setting == Setting::condition ? "a condition" : "an update",
                                   " expression; function: ", function_name(function)));
  }
  if (returns_boolean(function) == as_operand) return misused(function);
  return {};
}

Result<void> check_path_words(const DocumentPath& path) {
  constexpr std::size_t path_elements_max = 32;
  if (path.elements.size() > path_elements_max) {
    return validation_error(concat(
        "The document path has too many nesting levels; nesting levels: ", path.elements.size()));
  }
  for (const PathElement& element : path.elements) {
    const auto* name = std::get_if<std::string>(&element);
    if (name != nullptr && name->front() != '#' && is_reserved_word(*name)) {
      return validation_error(
          concat("Attribute name is a reserved keyword; reserved keyword: ", *name));
    }
  }
  return {};
}

// The service refuses list_append as an argument of list_append. Source: observed by the tests of
// another server that were run against the service.
Result<void> check_nesting(const ExpressionNode& node) {
  const auto appends = [](const ExpressionNode& part) {
    return part.kind == NodeKind::function && part.function == Function::list_append;
  };
  if (!appends(node) || std::none_of(node.operands.begin(), node.operands.end(), appends)) {
    return {};
  }
  return misused(Function::list_append);
}

// Walks the tree in the order of the text, a function before its arguments.
Result<void> check_words(const ExpressionNode& node, bool as_operand, Setting setting) {
  if (node.kind == NodeKind::function) {
    PAGETURNER_RETURN_IF_ERROR(check_function(node, as_operand, setting));
    PAGETURNER_RETURN_IF_ERROR(check_nesting(node));
  }
  if (node.kind == NodeKind::path) return check_path_words(node.path);
  const bool logical = node.kind == NodeKind::logical_and || node.kind == NodeKind::logical_or ||
                       node.kind == NodeKind::logical_not;
  for (const ExpressionNode& operand : node.operands) {
    PAGETURNER_RETURN_IF_ERROR(check_words(operand, !logical, setting));
  }
  return {};
}

}  // namespace

Result<void> check_condition_words(const ExpressionNode& condition) {
  return check_words(condition, false, Setting::condition);
}

Result<void> check_update_words(const Update& update) {
  for (const UpdateAction& action : update) {
    PAGETURNER_RETURN_IF_ERROR(check_path_words(action.path));
    if (action.kind == UpdateKind::set) {
      PAGETURNER_RETURN_IF_ERROR(check_words(action.value, true, Setting::update));
    }
  }
  return {};
}

Result<void> check_projection_words(const std::vector<DocumentPath>& paths) {
  for (const DocumentPath& path : paths) PAGETURNER_RETURN_IF_ERROR(check_path_words(path));
  return {};
}

}  // namespace pageturner
