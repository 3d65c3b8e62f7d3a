#include "protocol/expression/update_charge.h"

#include <string>

#include "protocol/limits.h"

namespace pageturner {
namespace {

std::size_t element_bytes(const PathElement& element) {
  if (const auto* name = std::get_if<std::string>(&element)) return name->size();
  return std::to_string(std::get<std::size_t>(element)).size();
}

std::size_t elements_charge(const DocumentPath& path, std::size_t per_element) {
  std::size_t charge = 0;
  for (const PathElement& element : path.elements) charge += per_element + element_bytes(element);
  return charge;
}

std::size_t target_charge(const DocumentPath& path) {
  constexpr std::size_t per_further_element = 4;
  return elements_charge(path, per_further_element) - per_further_element;
}

std::size_t path_charge(const DocumentPath& path) {
  constexpr std::size_t per_element = 14;
  return 1 + elements_charge(path, per_element);
}

// The charge of a function or an operator without its operands.
std::size_t operator_charge(const ExpressionNode& node) {
  constexpr std::size_t sum = 34;
  constexpr std::size_t difference = 37;
  constexpr std::size_t if_not_exists = 39;
  constexpr std::size_t list_append = 37;
  if (node.kind == NodeKind::arithmetic) {
    return node.arithmetic == Arithmetic::add ? sum : difference;
  }
  return node.function == Function::if_not_exists ? if_not_exists : list_append;
}

std::size_t operand_charge(const ExpressionNode& node) {
  if (node.kind == NodeKind::value) return size_bytes(node.value);
  if (node.kind == NodeKind::path) return path_charge(node.path);
  std::size_t charge = operator_charge(node);
  for (const ExpressionNode& operand : node.operands) charge += operand_charge(operand);
  return charge;
}

std::size_t clause_charge(const UpdateAction& action) {
  constexpr std::size_t of_storing = 19;  // SET and ADD
  constexpr std::size_t of_removing = 1;  // REMOVE and DELETE
  switch (action.kind) {
    case UpdateKind::set:
    case UpdateKind::add:
      return of_storing + target_charge(action.path) + operand_charge(action.value);
    case UpdateKind::remove:
    case UpdateKind::erase:
      break;
  }
  return of_removing + target_charge(action.path);
}

}  // namespace

std::size_t update_charge_bytes(const Update& update) {
  constexpr std::size_t of_update = 3;
  std::size_t charge = of_update;
  for (const UpdateAction& action : update) {
    charge += clause_charge(action);
    if (charge > limits::item_size_bytes_max) break;
  }
  return charge;
}

}  // namespace pageturner
