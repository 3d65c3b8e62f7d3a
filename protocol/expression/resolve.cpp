#include "protocol/expression/resolve.h"

#include <algorithm>
#include <array>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/condition.h"
#include "protocol/expression/parse_cache.h"
#include "protocol/expression/parser.h"
#include "protocol/expression/projection.h"
#include "protocol/java_hash_set_order.h"
#include "protocol/limits.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

bool is_placeholder(std::string_view key, char sign) {
  return key.size() > 1 && key.front() == sign &&
         std::all_of(key.begin() + 1, key.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

Result<void> check_placeholder(std::string_view key, char sign, std::string_view parameter) {
  const auto invalid = [&](std::string text) {
    return validation_error(std::string(parameter) + " contains invalid key: " + std::move(text));
  };
  if (key.size() > limits::placeholder_size_bytes_max) {
    std::string text = "The expression attribute map contains a key that is too long;";
    // The service tells the size of names only.
    if (sign == '#') text += " size of key: " + std::to_string(key.size());
    return invalid(std::move(text));
  }
  if (!is_placeholder(key, sign)) {
    return invalid("Syntax error; key: \"" + std::string(key) + "\"");
  }
  return {};
}

// The unused keys in braces, in the order in which the service's hash set shows them.
std::string in_hash_order(const std::map<std::size_t, std::string>& by_place) {
  std::vector<std::string> keys;
  keys.reserve(by_place.size());
  for (const auto& [place, key] : by_place) keys.push_back(key);
  sort_in_java_hash_set_order(keys);
  std::string text;
  for (const std::string& key : keys) {
    text += text.empty() ? "{" : ", ";
    text += key;
  }
  return text += "}";
}

Error wrong_operand_type(const ExpressionNode& node, std::string_view type) {
  return validation_error(
      "Incorrect operand type for operator or function; operator or function: " +
      std::string(operator_name(node)) + ", operand type: " + std::string(type));
}

// The type an operand has whatever the item: that of a literal and of what a function gives.
std::optional<AttributeType> known_type(const ExpressionNode& operand) {
  if (operand.kind == NodeKind::value) return type_of(operand.value);
  if (operand.kind == NodeKind::function && operand.text == "size") return AttributeType::n;
  if (operand.kind == NodeKind::function && operand.text == "list_append") return AttributeType::l;
  return std::nullopt;
}

// Refuses operands whose known type is none of `allowed`.
Result<void> check_operand_types(const ExpressionNode& node,
                                 const std::vector<AttributeType>& allowed) {
  for (const ExpressionNode& operand : node.operands) {
    const auto type = known_type(operand);
    if (type && std::find(allowed.begin(), allowed.end(), *type) == allowed.end()) {
      return wrong_operand_type(node, type_descriptor(*type));
    }
  }
  return {};
}

Result<void> check_operand_count(const ExpressionNode& node, std::size_t count) {
  if (node.operands.size() == count) return {};
  return validation_error(
      "Incorrect number of operands for operator or function; operator or function: " + node.text +
      ", number of operands: " + std::to_string(node.operands.size()));
}

Result<void> check_distinct_operands(const ExpressionNode& node) {
  const ExpressionNode& first = node.operands.front();
  if (first.kind != NodeKind::path) return {};
  const bool repeated =
      std::any_of(node.operands.begin() + 1, node.operands.end(), [&](const ExpressionNode& other) {
        return other.kind == NodeKind::path && other.path == first.path;
      });
  if (!repeated) return {};
  return validation_error(
      "The first operand must be distinct from the remaining operands for this operator or "
      "function; operator: " +
      std::string(operator_name(node)) + ", first operand: " + to_string(first.path));
}

std::string format_value(const AttributeValue& value) {
  std::string text = "AttributeValue: {";
  text += type_descriptor(type_of(value));
  text += ':';
  if (const auto* string = value.get_if<std::string>()) {
    text += *string;
  } else if (const auto* number = value.get_if<Number>()) {
    text += number->to_string();
  } else {
    append_attribute_value(text, value);
  }
  return text += "}";
}

Result<void> check_bounds(const ExpressionNode& node) {
  const ExpressionNode& lower = node.operands[1];
  const ExpressionNode& upper = node.operands[2];
  if (lower.kind != NodeKind::value || upper.kind != NodeKind::value) return {};
  const auto order = compare_scalars(lower.value, upper.value);
  if (order && *order <= 0) return {};
  return validation_error("The BETWEEN operator requires " +
                          std::string(order
                                          ? "upper bound to be greater than or equal to lower bound"
                                          : "same data type for lower and upper bounds") +
                          "; lower bound operand: " + format_value(lower.value) +
                          ", upper bound operand: " + format_value(upper.value));
}

Result<void> check_attribute_type(const ExpressionNode& node) {
  PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 2));
  const ExpressionNode& type = node.operands[1];
  const auto known = known_type(type);
  if (!known) return wrong_operand_type(node, "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}");
  if (*known != AttributeType::s) return wrong_operand_type(node, type_descriptor(*known));
  constexpr std::array<std::string_view, 10> names = {"B",  "NULL", "SS", "BOOL", "L",
                                                      "BS", "N",    "NS", "S",    "M"};
  const auto& name = type.value.as<std::string>();
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    return validation_error("Invalid attribute type name found; type: " + name +
                            ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
  }
  return {};
}

Error requires_path(const ExpressionNode& node) {
  return validation_error("Operator or function requires a document path; operator or function: " +
                          node.text);
}

Result<void> check_function_operands(const ExpressionNode& node) {
  if (node.text == "attribute_exists" || node.text == "attribute_not_exists") {
    PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 1));
    if (node.operands[0].kind == NodeKind::path) return {};
    return requires_path(node);
  }
  if (node.text == "if_not_exists") {
    PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 2));
    if (node.operands[0].kind == NodeKind::path) return {};
    return requires_path(node);
  }
  if (node.text == "list_append") {
    PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 2));
    return check_operand_types(node, {AttributeType::l});
  }
  if (node.text == "size") {
    PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 1));
    return check_operand_types(
        node, {AttributeType::s, AttributeType::b, AttributeType::ss, AttributeType::ns,
               AttributeType::bs, AttributeType::l, AttributeType::m});
  }
  if (node.text == "attribute_type") {
    PAGETURNER_RETURN_IF_ERROR(check_attribute_type(node));
  } else {
    PAGETURNER_RETURN_IF_ERROR(check_operand_count(node, 2));
    if (node.text == "begins_with") {
      PAGETURNER_RETURN_IF_ERROR(check_operand_types(node, {AttributeType::s, AttributeType::b}));
    }
  }
  return check_distinct_operands(node);
}

const std::vector<AttributeType> ordered_types = {AttributeType::s, AttributeType::n,
                                                  AttributeType::b};

// The names that the complaint about ADD and DELETE has for types.
std::string_view long_type_name(AttributeType type) {
  constexpr std::array<std::string_view, 10> names = {
      "NULL",       "BOOLEAN",    "STRING",     "NUMBER", "BINARY",
      "STRING_SET", "NUMBER_SET", "BINARY_SET", "LIST",   "MAP"};
  return names[static_cast<std::size_t>(type)];
}

// ADD takes numbers and sets, DELETE sets.
Result<void> check_action_value(const UpdateAction& action) {
  if (action.kind != UpdateKind::add && action.kind != UpdateKind::erase) return {};
  const AttributeType type = type_of(action.value.value);
  const bool is_set =
      type == AttributeType::ss || type == AttributeType::ns || type == AttributeType::bs;
  const bool is_add = action.kind == UpdateKind::add;
  if (is_set || (is_add && type == AttributeType::n)) return {};
  return validation_error("Incorrect operand type for operator or function; operator: " +
                          std::string(is_add ? "ADD" : "DELETE") +
                          ", operand type: " + std::string(long_type_name(type)));
}

// What `parse` makes of `text`, which this thread may know.
template <class Parsed>
Result<Parsed> parse_cached(std::string_view text, Result<Parsed> (*parse)(std::string_view)) {
  thread_local ParseCache<Parsed> cache;
  return cache.get(text, parse);
}

Error in_parameter(ExpressionParameter parameter, Error error) {
  error.message =
      "Invalid " + std::string(parameter_name(parameter)) + ": " + std::move(error.message);
  return error;
}

Result<void> check_size(ExpressionParameter parameter, std::string_view text) {
  if (text.size() <= limits::expression_size_bytes_max) return {};
  std::string message = "Expression size has exceeded the maximum allowed size;";
  // The service tells the size of conditions and filters only.
  if (parameter == ExpressionParameter::condition || parameter == ExpressionParameter::filter) {
    message += " expression size: " + std::to_string(text.size());
  }
  return validation_error(std::move(message));
}

}  // namespace

Result<void> check_operands(const ExpressionNode& node) {
  switch (node.kind) {
    case NodeKind::function:
      return check_function_operands(node);
    case NodeKind::compare:
      if (node.text != "=" && node.text != "<>") {
        PAGETURNER_RETURN_IF_ERROR(check_operand_types(node, ordered_types));
      }
      return check_distinct_operands(node);
    case NodeKind::between:
      PAGETURNER_RETURN_IF_ERROR(check_operand_types(node, ordered_types));
      PAGETURNER_RETURN_IF_ERROR(check_distinct_operands(node));
      return check_bounds(node);
    case NodeKind::in:
      if (node.operands.size() > limits::in_operands_max + 1) {
        return validation_error(
            "The IN operator is provided with too many operands; number of operands: " +
            std::to_string(node.operands.size() - 1));
      }
      return check_distinct_operands(node);
    case NodeKind::arithmetic:
      return check_operand_types(node, {AttributeType::n});
    case NodeKind::path:
    case NodeKind::value:
    case NodeKind::logical_and:
    case NodeKind::logical_or:
    case NodeKind::logical_not:
      break;
  }
  return {};
}

std::string_view parameter_name(ExpressionParameter parameter) {
  switch (parameter) {
    case ExpressionParameter::condition:
      return "ConditionExpression";
    case ExpressionParameter::filter:
      return "FilterExpression";
    case ExpressionParameter::key_condition:
      return "KeyConditionExpression";
    case ExpressionParameter::projection:
      return "ProjectionExpression";
    case ExpressionParameter::update:
      break;
  }
  return "UpdateExpression";
}

Result<Placeholders> Placeholders::parse(std::optional<JsonValue> names,
                                         std::optional<JsonValue> values) {
  Placeholders placeholders;
  if (names) PAGETURNER_RETURN_IF_ERROR(placeholders.parse_names(*names));
  if (values) PAGETURNER_RETURN_IF_ERROR(placeholders.parse_values(*values));
  PAGETURNER_RETURN_IF_ERROR(placeholders.check_size());
  return placeholders;
}

Result<void> Placeholders::check_size() const {
  std::size_t names_size = 0;
  for (const auto& [key, name] : names_) names_size += name.text.size();
  if (names_size + values_size_bytes() <= limits::placeholders_size_bytes_max) return {};
  const bool names_alone = names_size > limits::placeholders_size_bytes_max;
  return validation_error(
      std::string(names_alone ? "ExpressionAttributeNames" : "ExpressionAttributeValues") +
      " exceeds max size");
}

Result<void> Placeholders::parse_names(JsonValue json) {
  if (json.size() == 0) return validation_error("ExpressionAttributeNames must not be empty");
  for (const auto& [key, value] : json.members()) {
    if (value.is_null()) continue;
    PAGETURNER_RETURN_IF_ERROR(check_placeholder(key, '#', "ExpressionAttributeNames"));
    if (value.as_string().empty()) {
      return validation_error(
          "ExpressionAttributeNames contains invalid value: Empty attribute name for key " +
          std::string(key));
    }
    names_.emplace(key, Name{std::string(value.as_string()), names_.size()});
  }
  return {};
}

Result<void> Placeholders::parse_values(JsonValue json) {
  if (json.size() == 0) return validation_error("ExpressionAttributeValues must not be empty");
  for (const auto& [key, member] : json.members()) {
    PAGETURNER_RETURN_IF_ERROR(check_placeholder(key, ':', "ExpressionAttributeValues"));
    auto value = parse_attribute_value(member);
    if (!value) {
      return validation_error("ExpressionAttributeValues contains invalid value: " +
                              value.error().message + " for key " + std::string(key));
    }
    values_.emplace(key, Value{std::move(*value), values_.size()});
  }
  return {};
}

Result<void> Placeholders::resolve(DocumentPath& path) {
  for (PathElement& element : path.elements) {
    auto* name = std::get_if<std::string>(&element);
    if (name == nullptr || name->front() != '#') continue;
    const auto found = names_.find(*name);
    if (found == names_.end()) {
      return validation_error(
          "An expression attribute name used in the document path is not defined; attribute "
          "name: " +
          *name);
    }
    found->second.is_used = true;
    *name = found->second.text;
  }
  return {};
}

Result<void> Placeholders::resolve(ExpressionNode& node) {
  if (node.kind == NodeKind::path) return resolve(node.path);
  if (node.kind == NodeKind::value) {
    const auto found = values_.find(node.text);
    if (found == values_.end()) {
      return validation_error(
          "An expression attribute value used in expression is not defined; attribute value: " +
          node.text);
    }
    found->second.is_used = true;
    node.value = found->second.value;
    return {};
  }
  for (ExpressionNode& operand : node.operands) PAGETURNER_RETURN_IF_ERROR(resolve(operand));
  return check_operands(node);
}

std::size_t Placeholders::values_size_bytes() const {
  std::size_t size = 0;
  for (const auto& [key, value] : values_) size += size_bytes(value.value);
  return size;
}

Result<void> Placeholders::check_all_used() const {
  const auto check = [](const auto& placeholders, std::string_view parameter) -> Result<void> {
    std::map<std::size_t, std::string> unused;  // by their place in the request
    for (const auto& [key, placeholder] : placeholders) {
      if (!placeholder.is_used) unused.emplace(placeholder.place, key);
    }
    if (unused.empty()) return {};
    return validation_error("Value provided in " + std::string(parameter) +
                            " unused in expressions: keys: " + in_hash_order(unused));
  };
  PAGETURNER_RETURN_IF_ERROR(check(names_, "ExpressionAttributeNames"));
  return check(values_, "ExpressionAttributeValues");
}

Result<ExpressionNode> compile_condition(ExpressionParameter parameter, std::string_view text,
                                         Placeholders& placeholders) {
  const auto compile = [&]() -> Result<ExpressionNode> {
    PAGETURNER_RETURN_IF_ERROR(check_size(parameter, text));
    PAGETURNER_ASSIGN_OR_RETURN(ExpressionNode node,
                                parse_cached<ExpressionNode>(text, parse_condition));
    PAGETURNER_RETURN_IF_ERROR(placeholders.resolve(node));
    return node;
  };
  auto compiled = compile();
  if (!compiled) return in_parameter(parameter, std::move(compiled).error());
  return compiled;
}

Result<Update> compile_update(std::string_view text, Placeholders& placeholders) {
  constexpr auto parameter = ExpressionParameter::update;
  const auto compile = [&]() -> Result<Update> {
    PAGETURNER_RETURN_IF_ERROR(check_size(parameter, text));
    PAGETURNER_ASSIGN_OR_RETURN(Update update, parse_cached<Update>(text, parse_update));
    for (UpdateAction& action : update) {
      PAGETURNER_RETURN_IF_ERROR(placeholders.resolve(action.path));
      if (action.kind != UpdateKind::remove)
        PAGETURNER_RETURN_IF_ERROR(placeholders.resolve(action.value));
      PAGETURNER_RETURN_IF_ERROR(check_action_value(action));
    }
    PAGETURNER_RETURN_IF_ERROR(check_paths_disjoint(touched_paths(update)));
    return update;
  };
  auto compiled = compile();
  if (!compiled) return in_parameter(parameter, std::move(compiled).error());
  return compiled;
}

Result<std::vector<DocumentPath>> compile_projection(std::string_view text,
                                                     Placeholders& placeholders) {
  constexpr auto parameter = ExpressionParameter::projection;
  const auto compile = [&]() -> Result<std::vector<DocumentPath>> {
    PAGETURNER_RETURN_IF_ERROR(check_size(parameter, text));
    PAGETURNER_ASSIGN_OR_RETURN(std::vector<DocumentPath> paths,
                                parse_cached<std::vector<DocumentPath>>(text, parse_projection));
    for (DocumentPath& path : paths) PAGETURNER_RETURN_IF_ERROR(placeholders.resolve(path));
    PAGETURNER_RETURN_IF_ERROR(check_paths_disjoint(paths));
    return paths;
  };
  auto compiled = compile();
  if (!compiled) return in_parameter(parameter, std::move(compiled).error());
  return compiled;
}

}  // namespace pageturner
