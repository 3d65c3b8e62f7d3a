#include "server/operations/parameters.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/legacy.h"
#include "protocol/text.h"

namespace pageturner {
namespace {

bool any_present(JsonValue body, std::initializer_list<std::string_view> names) {
  return std::any_of(names.begin(), names.end(),
                     [&](std::string_view name) { return body.find(name).has_value(); });
}

// Returns those of `names` that the request has, in braces.
std::string present_in_braces(JsonValue body, std::initializer_list<std::string_view> names) {
  std::vector<std::string_view> present;
  std::copy_if(names.begin(), names.end(), std::back_inserter(present),
               [&](std::string_view name) { return body.find(name).has_value(); });
  return concat('{', join(present, ", "), '}');
}

// Returns "A is null" or "A and B are null".
std::string null_text(std::initializer_list<std::string_view> names) {
  return concat(join(names, " and "), names.size() == 1 ? " is null" : " are null");
}

std::optional<JsonValue> find_if(bool wanted, JsonValue body, std::string_view name) {
  return wanted ? body.find(name) : std::nullopt;
}

}  // namespace

std::string_view text_parameter(JsonValue body, std::string_view name) {
  const auto value = body.find(name);
  return value ? value->as_string() : std::string_view();
}

bool boolean_parameter(JsonValue body, std::string_view name, bool otherwise) {
  const auto value = body.find(name);
  return value ? json_boolean(*value) : otherwise;
}

Result<void> check_not_mixed(JsonValue body, std::initializer_list<std::string_view> legacy,
                             std::initializer_list<std::string_view> expressions) {
  if (!any_present(body, legacy) || !any_present(body, expressions)) return {};
  return validation_error(
      concat("Can not use both expression and non-expression parameters in the same request: "
             "Non-expression parameters: ",
             present_in_braces(body, legacy),
             " Expression parameters: ", present_in_braces(body, expressions)));
}

Result<void> check_placeholders_have_expressions(
    JsonValue body, std::initializer_list<std::string_view> expressions,
    std::initializer_list<std::string_view> expressions_with_values) {
  if (body.find("ExpressionAttributeNames") && !any_present(body, expressions)) {
    return validation_error(
        "ExpressionAttributeNames can only be specified when using expressions");
  }
  // For operations without such expressions ExpressionAttributeValues is an unknown member.
  if (expressions_with_values.size() > 0 && body.find("ExpressionAttributeValues") &&
      !any_present(body, expressions_with_values)) {
    return validation_error(
        concat("ExpressionAttributeValues can only be specified when using expressions: ",
               null_text(expressions_with_values)),
        ErrorDetail::values_without_expressions);
  }
  return {};
}

Result<Placeholders> parse_placeholders(JsonValue body, int levels_max) {
  return Placeholders::parse(body.find("ExpressionAttributeNames"),
                             body.find("ExpressionAttributeValues"), levels_max);
}

Result<Placeholders> parse_names(JsonValue body) {
  return Placeholders::parse(body.find("ExpressionAttributeNames"), std::nullopt);
}

Result<WriteParameters> parse_write_parameters(JsonValue body, bool has_update,
                                               LegacyParameters legacy) {
  const bool has_legacy = legacy == LegacyParameters::accepted;
  WriteParameters parameters;
  const auto conditional_operator = find_if(has_legacy, body, "ConditionalOperator");
  const auto expected = find_if(has_legacy, body, "Expected");
  PAGETURNER_RETURN_IF_ERROR(check_conditional_operator(conditional_operator, expected));
  if (const auto updates = find_if(has_legacy && has_update, body, "AttributeUpdates")) {
    parameters.is_legacy_update = true;
    PAGETURNER_ASSIGN_OR_RETURN(parameters.update, parse_attribute_updates(*updates));
  }
  if (expected) {
    PAGETURNER_ASSIGN_OR_RETURN(
        parameters.condition,
        parse_expected(*expected, conditional_operator ? conditional_operator->as_string() : ""));
  }
  const int levels_max = has_legacy ? limits::nesting_levels_below_item_max
                                    : limits::nesting_levels_in_transaction_max;
  PAGETURNER_ASSIGN_OR_RETURN(Placeholders placeholders, parse_placeholders(body, levels_max));
  parameters.values_size_bytes = placeholders.values_size_bytes();
  if (const auto text = find_if(has_update, body, "UpdateExpression")) {
    PAGETURNER_ASSIGN_OR_RETURN(parameters.update, compile_update(text->as_string(), placeholders));
  }
  if (const auto text = body.find("ConditionExpression")) {
    PAGETURNER_ASSIGN_OR_RETURN(
        parameters.condition,
        compile_condition(ExpressionParameter::condition, text->as_string(), placeholders));
  }
  PAGETURNER_RETURN_IF_ERROR(placeholders.check_all_used());
  return parameters;
}

Result<std::optional<ProjectedPaths>> parse_projection_parameter(JsonValue body,
                                                                 Placeholders& placeholders,
                                                                 LegacyParameters legacy) {
  std::optional<ProjectedPaths> projected;
  if (const auto text = body.find("ProjectionExpression")) {
    PAGETURNER_ASSIGN_OR_RETURN(projected.emplace().paths,
                                compile_projection(text->as_string(), placeholders));
  } else if (const auto names =
                 find_if(legacy == LegacyParameters::accepted, body, "AttributesToGet")) {
    PAGETURNER_ASSIGN_OR_RETURN(projected.emplace().names, parse_attributes_to_get(*names));
  }
  return projected;
}

Result<void> check_return_values(JsonValue body) {
  const std::string_view return_values = text_parameter(body, "ReturnValues");
  if (return_values.empty() || return_values == "NONE" || return_values == "ALL_OLD") return {};
  return validation_error("ReturnValues can only be ALL_OLD or NONE");
}

Result<Item> parse_key_parameter(JsonValue body) { return parse_key(body.find("Key").value()); }

}  // namespace pageturner
