#include "server/operations/page.h"

#include <algorithm>
#include <array>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/legacy.h"
#include "server/operations/capacity.h"
#include "server/operations/item_key.h"
#include "server/operations/parameters.h"

namespace ddb {
namespace {

Error invalid_start_key(std::string_view detail = "") {
  return validation_error("The provided starting key is invalid" + std::string(detail));
}

constexpr std::string_view schema_mismatch_detail =
    ": The provided key element does not match the schema";

// The service names the start key in front of some complaints about its values, not of others.
Error start_key_value_error(Error error) {
  constexpr std::array<std::string_view, 4> named = {"Supplied AttributeValue", "Null attribute",
                                                     "An string set", "Binary sets"};
  const bool is_named = std::any_of(named.begin(), named.end(), [&](std::string_view text) {
    return error.message.find(text) != std::string::npos;
  });
  return is_named ? invalid_start_key(": " + error.message) : error;
}

enum class Fit { fits, missing, wrong_type };

// How `key` has the attributes of `part`.
Fit fit_of(const std::vector<KeyAttribute>& part, const Item& key) {
  Fit fit = Fit::fits;
  for (const KeyAttribute& attribute : part) {
    const auto found = key.find(attribute.name);
    if (found == key.end()) return Fit::missing;
    if (!has_type(found->second, attribute.type)) fit = Fit::wrong_type;
  }
  return fit;
}

// The number of distinct attributes in a layout's keys.
std::size_t attribute_count(const KeyLayout& layout) {
  std::vector<std::string_view> names;
  for (const auto* part : {&layout.partition, &layout.sort, &layout.suffix}) {
    for (const KeyAttribute& attribute : *part) names.push_back(attribute.name);
  }
  std::sort(names.begin(), names.end());
  return static_cast<std::size_t>(std::unique(names.begin(), names.end()) - names.begin());
}

Result<void> check_start_key(const PageSource& source, const Item& start_key, bool is_scan) {
  const KeyLayout& layout = source.layout();
  if (is_scan && source.index == nullptr) {
    const bool fits = start_key.size() == attribute_count(layout) &&
                      fit_of(layout.partition, start_key) == Fit::fits &&
                      fit_of(layout.sort, start_key) == Fit::fits;
    return fits ? Result<void>() : Result<void>(invalid_start_key(schema_mismatch_detail));
  }
  if (start_key.size() != attribute_count(layout)) return invalid_start_key();
  for (const auto* part : {&layout.partition, &layout.sort}) {
    const Fit fit = fit_of(*part, start_key);
    if (fit == Fit::missing) return invalid_start_key();
    if (fit == Fit::wrong_type) return key_mismatch();
  }
  if (fit_of(layout.suffix, start_key) != Fit::fits) {
    return invalid_start_key(schema_mismatch_detail);
  }
  return {};
}

// Calls `visit` with the name of each top-level attribute that `node` looks at.
template <class Visit>
void for_each_attribute(const ExpressionNode& node, Visit visit) {
  if (node.kind == NodeKind::path) visit(node.path.top_level_name());
  for (const ExpressionNode& operand : node.operands) for_each_attribute(operand, visit);
}

// Those of the projection's attributes that the index does not hold, as the service lists them.
std::string unprojected_attributes(const Index& index,
                                   const std::optional<std::vector<DocumentPath>>& paths) {
  std::string names;
  if (!paths) return names;
  for (const DocumentPath& path : *paths) {
    if (index.projects(path.top_level_name())) continue;
    if (!names.empty()) names += ", ";
    names += path.top_level_name();
  }
  return names;
}

bool filter_needs_table(const Index& index, const std::optional<ExpressionNode>& filter) {
  bool needs = false;
  if (filter) {
    for_each_attribute(*filter,
                       [&](std::string_view name) { needs = needs || !index.projects(name); });
  }
  return needs;
}

// Whether answering takes more than the index holds. Errors: a global index cannot give it.
Result<bool> needs_table(const PageSource& source, std::string_view select,
                         const PageParameters& parameters) {
  if (source.index == nullptr) return false;
  const Index& index = *source.index;
  const std::string& name = index.description.name;
  const bool whole_items =
      select == "ALL_ATTRIBUTES" && index.description.projection.type != ProjectionType::all;
  const std::string missing = unprojected_attributes(index, parameters.paths);
  if (!index.description.is_global) {
    return whole_items || !missing.empty() || filter_needs_table(index, parameters.filter);
  }
  if (whole_items) {
    return invalid_parameter(
        "Select type ALL_ATTRIBUTES is not supported "
        "for "
        "global secondary index " +
        name + " because its projection type is not ALL");
  }
  if (!missing.empty()) {
    return invalid_parameter("Global secondary index " + name + " does not project [" + missing +
                             "]");
  }
  return false;
}

void append_last_evaluated_key(std::string& out, const KeyLayout& layout, std::string_view key) {
  out += ",\"LastEvaluatedKey\":{";
  bool first = true;
  for (const auto& [name, value] : decode_key(layout, key)) {
    if (!first) out += ',';
    first = false;
    append_json_string(out, name);
    out += ':';
    append_attribute_value(out, value);
  }
  out += '}';
}

}  // namespace

Result<void> check_select(JsonValue body) {
  const std::string_view select = text_parameter(body, "Select");
  const bool has_expression = body.find("ProjectionExpression").has_value();
  const bool has_projection = has_expression || body.find("AttributesToGet");
  if (select == "SPECIFIC_ATTRIBUTES" && !has_projection) {
    return validation_error(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (select == "ALL_PROJECTED_ATTRIBUTES" && !body.find("IndexName")) {
    return validation_error(
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  if (!has_projection || select.empty() || select == "SPECIFIC_ATTRIBUTES") return {};
  return validation_error("Cannot specify the " +
                          std::string(has_expression ? "ProjectionExpression" : "AttributesToGet") +
                          " when choosing to get " +
                          std::string(select == "COUNT" ? "only the Count" : select));
}

Result<PageParameters> parse_older_page_parameters(JsonValue body, std::string_view filter_name) {
  PageParameters parameters;
  const auto filter = body.find(filter_name);
  const auto conditional_operator = body.find("ConditionalOperator");
  DDB_CHECK(check_conditional_operator(conditional_operator, filter));
  if (filter) {
    DDB_ASSIGN(
        parameters.filter,
        parse_filter(*filter, conditional_operator ? conditional_operator->as_string() : ""));
  }
  if (const auto names = body.find("AttributesToGet")) {
    DDB_ASSIGN(parameters.paths, parse_attributes_to_get(*names));
  }
  if (const auto start_key = body.find("ExclusiveStartKey")) {
    auto parsed = parse_item(*start_key);
    if (!parsed) return start_key_value_error(std::move(parsed).error());
    parameters.start_key = std::move(*parsed);
  }
  return parameters;
}

Result<void> parse_page_expressions(JsonValue body, Placeholders& placeholders,
                                    PageParameters& parameters) {
  if (const auto text = body.find("FilterExpression")) {
    DDB_ASSIGN(parameters.filter,
               compile_condition(ExpressionParameter::filter, text->as_string(), placeholders));
  }
  if (body.find("ProjectionExpression")) {
    DDB_ASSIGN(parameters.paths, parse_projection_parameter(body, placeholders));
  }
  return {};
}

Result<PageSource> find_page_source(Database& database, JsonValue body) {
  PageSource source;
  DDB_ASSIGN(source.table, database.find_table(text_parameter(body, "TableName")));
  if (!body.find("IndexName")) return source;
  const std::string_view name = text_parameter(body, "IndexName");
  source.index = source.table->find_index(name);
  if (source.index == nullptr) {
    return validation_error("The table does not have the specified index: " + std::string(name));
  }
  if (source.index->description.is_global && truth_parameter(body, "ConsistentRead", false)) {
    return validation_error("Consistent reads are not supported on global secondary indexes");
  }
  return source;
}

Result<std::optional<std::string>> encode_start_key(const PageSource& source,
                                                    const std::optional<Item>& start_key,
                                                    bool is_scan) {
  if (!start_key) return std::optional<std::string>();
  DDB_CHECK(check_start_key(source, *start_key, is_scan));
  return encode_key(source.layout(), ItemSource(*start_key));
}

Result<PageRequest> make_page_request(const PageSource& source, JsonValue body,
                                      PageParameters parameters, KeyRange range) {
  const std::string_view select = text_parameter(body, "Select");
  PageRequest page;
  DDB_ASSIGN(page.fetch_items, needs_table(source, select, parameters));
  DDB_CHECK(check_projected_keys_whole(*source.table, parameters.paths));
  page.table = source.table.get();
  page.index = source.index;
  page.range = std::move(range);
  page.direction =
      truth_parameter(body, "ScanIndexForward", true) ? Direction::forward : Direction::backward;
  if (const auto limit = body.find("Limit")) {
    page.limit = static_cast<std::uint64_t>(limit->as_integer());
  }
  page.filter = std::move(parameters.filter);
  if (parameters.paths) page.projection.emplace(*parameters.paths);
  page.count_only = select == "COUNT";
  return page;
}

void answer_page(Database& database, const PageSource& source, JsonValue body,
                 const PageRequest& page_request, std::string& out) {
  out += page_request.count_only ? "{" : "{\"Items\":[";
  PageResult page;
  {
    const auto view = database.engine().read_view();
    page = read_page(*view, page_request, out);
  }
  out += page_request.count_only ? "\"Count\":" : "],\"Count\":";
  out += std::to_string(page.count);
  out += ",\"ScannedCount\":";
  out += std::to_string(page.scanned_count);
  if (page.last_evaluated_key) {
    append_last_evaluated_key(out, source.layout(), *page.last_evaluated_key);
  }
  ConsumedCapacity capacity(*source.table);
  capacity.add_page(page, source.index, truth_parameter(body, "ConsistentRead", false));
  append_capacity(out, capacity, capacity_detail(body));
  out += '}';
}

}  // namespace ddb
