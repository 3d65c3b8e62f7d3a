// Query: returns a page of one partition, in the order of the sort key. api: Query.
#include "protocol/expression/legacy.h"
#include "protocol/text.h"
#include "server/operations/operation.h"
#include "server/operations/pages/page.h"
#include "server/operations/pages/start_key.h"
#include "server/operations/parameters.h"
#include "storage/key_range.h"

namespace pageturner {
namespace {

// The parameters that are read before the table is known.
struct QueryInput {
  PageParameters page;
  std::vector<KeyCondition> key_conditions;
};

Result<void> check_parameters(JsonValue body) {
  // KeyConditions may be combined with FilterExpression and ProjectionExpression, but not with
  // KeyConditionExpression.
  if (body.find("KeyConditionExpression")) {
    PAGETURNER_RETURN_IF_ERROR(check_not_mixed(
        body, {"AttributesToGet", "QueryFilter", "ConditionalOperator", "KeyConditions"},
        {"ProjectionExpression", "FilterExpression", "KeyConditionExpression"}));
  } else {
    PAGETURNER_RETURN_IF_ERROR(
        check_not_mixed(body, {"AttributesToGet", "QueryFilter", "ConditionalOperator"},
                        {"ProjectionExpression", "FilterExpression"}));
  }
  PAGETURNER_RETURN_IF_ERROR(check_placeholders_have_expressions(
      body, {"FilterExpression", "KeyConditionExpression", "ProjectionExpression"},
      {"FilterExpression", "KeyConditionExpression"}));
  return check_select(body);
}

Result<QueryInput> parse_query(JsonValue body) {
  PAGETURNER_RETURN_IF_ERROR(check_parameters(body));
  QueryInput input{parse_page_size(body), {}};
  PAGETURNER_RETURN_IF_ERROR(parse_legacy_filter(body, "QueryFilter", input.page));
  PAGETURNER_RETURN_IF_ERROR(parse_legacy_projection(body, input.page));
  PAGETURNER_RETURN_IF_ERROR(parse_start_key(body, input.page));
  if (!body.find("KeyConditions") && !body.find("KeyConditionExpression")) {
    return validation_error(
        "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
        "request.");
  }
  if (const auto legacy = body.find("KeyConditions")) {
    PAGETURNER_ASSIGN_OR_RETURN(input.key_conditions, parse_key_conditions(*legacy));
  }
  PAGETURNER_ASSIGN_OR_RETURN(Placeholders placeholders, parse_placeholders(body));
  std::optional<ExpressionNode> key_expression;
  if (const auto text = body.find("KeyConditionExpression")) {
    PAGETURNER_ASSIGN_OR_RETURN(
        key_expression,
        compile_condition(ExpressionParameter::key_condition, text->as_string(), placeholders));
  }
  PAGETURNER_RETURN_IF_ERROR(parse_page_expressions(body, placeholders, input.page));
  if (key_expression) {
    PAGETURNER_ASSIGN_OR_RETURN(input.key_conditions, key_conditions_of(*key_expression));
  }
  PAGETURNER_RETURN_IF_ERROR(placeholders.check_all_used());
  return input;
}

// Checks that a filter has no key attributes: these belong into the key condition.
Result<void> check_filter(const ExpressionNode& node, const KeyLayout& layout,
                          std::string_view filter_name) {
  if (node.kind == NodeKind::path && is_key_attribute(layout, node.path.top_level_name())) {
    return validation_error(
        concat(filter_name, " can only contain non-primary key attributes: Primary key attribute: ",
               node.path.top_level_name()));
  }
  for (const ExpressionNode& operand : node.operands) {
    PAGETURNER_RETURN_IF_ERROR(check_filter(operand, layout, filter_name));
  }
  return {};
}

// Whether the sort attributes of `start_key` satisfy the conditions on them.
bool satisfies_sort(const KeyLayout& layout, const KeySelection& selection, const Item& start_key) {
  const std::size_t equal = selection.sort_prefix.size();
  for (std::size_t i = 0; i < equal; ++i) {
    if (!(start_key.find(layout.sort[i].name)->second == selection.sort_prefix[i])) return false;
  }
  return !selection.sort_last ||
         satisfies(start_key.find(layout.sort[equal].name)->second, *selection.sort_last);
}

// The error for a start key outside the range that the query reads.
Error start_key_outside(const KeyLayout& layout, const KeySelection& selection,
                        const Item& start_key) {
  if (!satisfies_sort(layout, selection, start_key)) {
    return validation_error("The provided starting key does not match the range key predicate");
  }
  if (!selection.sort_prefix.empty() || selection.sort_last) {
    return validation_error("The query can return at most one row and cannot be restarted");
  }
  return validation_error(
      "The provided starting key is outside query boundaries based on provided conditions");
}

}  // namespace

Result<void> query(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  PAGETURNER_ASSIGN_OR_RETURN(QueryInput input, parse_query(body));

  PAGETURNER_ASSIGN_OR_RETURN(const PageSource source, find_page_source(database, body));
  const KeyLayout& layout = source.layout();
  const KeySchema schema{layout.partition, layout.sort};
  if (input.page.start_key) {
    PAGETURNER_RETURN_IF_ERROR(check_start_partition(source, *input.page.start_key));
    PAGETURNER_RETURN_IF_ERROR(check_partition_named(input.key_conditions, schema));
    PAGETURNER_RETURN_IF_ERROR(check_start_entry(source, *input.page.start_key));
    PAGETURNER_RETURN_IF_ERROR(check_start_item(source, *input.page.start_key));
  }
  PAGETURNER_ASSIGN_OR_RETURN(const KeySelection selection,
                              select_keys(input.key_conditions, schema));
  KeyRange range = range_of(layout, selection);
  std::optional<std::string> start_key;
  if (input.page.start_key) {
    start_key = encode_start_key(source, *input.page.start_key, range.begin);
  }
  if (start_key && !range.contains(*start_key)) {
    return start_key_outside(layout, selection, *input.page.start_key);
  }
  if (input.page.filter) {
    const bool legacy = body.find("QueryFilter").has_value();
    PAGETURNER_RETURN_IF_ERROR(
        check_filter(*input.page.filter, layout, legacy ? "QueryFilter" : "Filter Expression"));
  }
  const bool forward = boolean_parameter(body, "ScanIndexForward", true);
  PAGETURNER_ASSIGN_OR_RETURN(
      PageRequest page, make_page_request(source, std::move(input.page), std::move(range),
                                          forward ? Direction::forward : Direction::backward));
  if (start_key) page.range = resume_after(std::move(page.range), *start_key, page.direction);
  return read_page_and_respond(database, source, body, page, out);
}

}  // namespace pageturner
