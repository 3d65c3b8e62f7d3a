#include "server/operations/pages/page.h"

#include <algorithm>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/legacy.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/items/capacity.h"
#include "server/operations/items/item_key.h"
#include "server/operations/parameters.h"
#include "storage/clock.h"

namespace pageturner {
namespace {

// Returns the attributes of the projection that `index` does not project, in the form of messages.
std::string unprojected_attributes(const Index& index, const std::optional<ProjectedPaths>& paths) {
  if (!paths) return {};
  std::vector<std::string_view> names;
  const auto add_unprojected = [&](std::string_view name) {
    if (!index.projects(name)) names.push_back(name);
  };
  for (const DocumentPath& path : paths->paths) add_unprojected(path.top_level_name());
  for (const std::string_view name : paths->names) add_unprojected(name);
  std::string text;
  append_joined_echo(text, names, ", ",
                     [](std::string& out, std::string_view name) { out += name; });
  return text;
}

// Whether `select` asks for attributes that `index` does not project.
bool exceeds_projection(const Index& index, std::string_view select) {
  return select == "ALL_ATTRIBUTES" && index.description.projection.type != ProjectionType::all;
}

// Whether items must be read from the table because a local index does not project all that the
// request reads.
bool needs_table(const PageSource& source, const PageParameters& parameters) {
  if (source.index == nullptr || source.index->description.is_global) return false;
  const Index& index = *source.index;
  return exceeds_projection(index, parameters.select) ||
         !unprojected_attributes(index, parameters.paths).empty();
}

// Checks that filter and projection have no paths into key attributes, which are scalars.
Result<void> check_paths(const Table& table, const PageParameters& parameters) {
  std::vector<DocumentPath> filtered;
  if (parameters.filter) {
    for_each_path(*parameters.filter, [&](const DocumentPath& path) {
      if (!path.is_top_level()) filtered.push_back(path);
    });
  }
  PAGETURNER_RETURN_IF_ERROR(check_paths_into_keys(table, filtered));
  if (!parameters.paths) return {};
  return check_paths_into_keys(table, parameters.paths->paths);
}

Error constraint_error(std::string message) {
  return {.message = std::move(message), .scope = ErrorScope::constraint};
}

}  // namespace

Result<void> check_index_projects(const PageSource& source, const PageParameters& parameters) {
  if (source.index == nullptr || !source.index->description.is_global) return {};
  const Index& index = *source.index;
  if (exceeds_projection(index, parameters.select)) {
    return invalid_parameter(
        concat("Select type ALL_ATTRIBUTES is not supported for global secondary index ",
               index.description.name, " because its projection type is not ALL"));
  }
  const std::string missing = unprojected_attributes(index, parameters.paths);
  if (missing.empty()) return {};
  return invalid_parameter(concat("Global secondary index ", index.description.name,
                                  " does not project [", missing, "]"));
}

PageParameters parse_page_size(JsonValue body) {
  PageParameters parameters;
  parameters.select = text_parameter(body, "Select");
  parameters.limit = limit_parameter(body);
  return parameters;
}

std::optional<std::uint64_t> limit_parameter(JsonValue body) {
  const auto limit = body.find("Limit");
  return limit ? std::optional(static_cast<std::uint64_t>(limit->as_integer())) : std::nullopt;
}

Result<void> check_select(JsonValue body) {
  const std::string_view select = text_parameter(body, "Select");
  const bool has_expression = body.find("ProjectionExpression").has_value();
  const bool has_projection = has_expression || body.find("AttributesToGet");
  if (select == "SPECIFIC_ATTRIBUTES" && !has_projection) {
    return constraint_error(
        "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
        "SPECIFIC_ATTRIBUTES");
  }
  if (select == "ALL_PROJECTED_ATTRIBUTES" && !body.find("IndexName")) {
    return constraint_error(
        "ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName");
  }
  if (!has_projection || select.empty() || select == "SPECIFIC_ATTRIBUTES") return {};
  return constraint_error(
      concat("Cannot specify the ", has_expression ? "ProjectionExpression" : "AttributesToGet",
             " when choosing to get ", select == "COUNT" ? "only the Count" : select));
}

Result<void> parse_legacy_filter(JsonValue body, std::string_view filter_name,
                                 PageParameters& parameters) {
  const auto filter = body.find(filter_name);
  const auto conditional_operator = body.find("ConditionalOperator");
  PAGETURNER_RETURN_IF_ERROR(check_conditional_operator(conditional_operator, filter));
  if (!filter) return {};
  PAGETURNER_ASSIGN_OR_RETURN(
      parameters.filter,
      parse_filter(*filter, conditional_operator ? conditional_operator->as_string() : ""));
  return {};
}

Result<void> parse_legacy_projection(JsonValue body, PageParameters& parameters) {
  if (const auto names = body.find("AttributesToGet")) {
    PAGETURNER_ASSIGN_OR_RETURN(parameters.paths.emplace().names, parse_attributes_to_get(*names));
  }
  return {};
}

Result<void> parse_page_expressions(JsonValue body, Placeholders& placeholders,
                                    PageParameters& parameters) {
  if (const auto text = body.find("FilterExpression")) {
    PAGETURNER_ASSIGN_OR_RETURN(
        parameters.filter,
        compile_condition(ExpressionParameter::filter, text->as_string(), placeholders));
  }
  if (body.find("ProjectionExpression")) {
    PAGETURNER_ASSIGN_OR_RETURN(parameters.paths, parse_projection_parameter(body, placeholders));
  }
  return {};
}

Result<PageSource> find_page_source(Database& database, JsonValue body) {
  PageSource source;
  PAGETURNER_ASSIGN_OR_RETURN(source.table, database.find_table(text_parameter(body, "TableName")));
  if (!body.find("IndexName")) return source;
  const std::string_view name = text_parameter(body, "IndexName");
  source.index = source.table->find_index(name);
  if (source.index == nullptr) {
    return validation_error(concat("The table does not have the specified index: ", name));
  }
  if (source.index->description.transition.at(now_milliseconds()) == Status::creating) {
    return validation_error(concat("Cannot read from backfilling global secondary index: ", name));
  }
  if (source.index->description.is_global && boolean_parameter(body, "ConsistentRead", false)) {
    return validation_error("Consistent reads are not supported on global secondary indexes");
  }
  return source;
}

Result<PageRequest> make_page_request(const PageSource& source, PageParameters parameters,
                                      KeyRange range, Direction direction) {
  PAGETURNER_RETURN_IF_ERROR(check_index_projects(source, parameters));
  PAGETURNER_RETURN_IF_ERROR(check_paths(*source.table, parameters));
  PageRequest page;
  page.fetch_items = needs_table(source, parameters);
  page.table = source.table.get();
  page.index = source.index;
  page.range = std::move(range);
  page.direction = direction;
  page.limit = parameters.limit;
  page.filter = std::move(parameters.filter);
  if (parameters.paths) page.projection.emplace(*std::move(parameters.paths));
  page.count_only = parameters.select == "COUNT";
  return page;
}

Result<void> read_page_and_respond(Database& database, const PageSource& source, JsonValue body,
                                   const PageRequest& page_request, std::string& out) {
  ObjectWriter response(out);
  PageResult page;
  {
    std::optional<ArrayWriter> items;
    if (!page_request.count_only) items.emplace(response.member("Items"));
    PAGETURNER_ASSIGN_OR_RETURN(const auto guard, lock_table_shared(*source.table));
    const auto view = database.engine().read_view();
    page = read_page(*view, page_request, out);
  }
  response.number("Count", static_cast<std::int64_t>(page.count));
  response.number("ScannedCount", static_cast<std::int64_t>(page.scanned_count));
  if (page.last_evaluated_key) {
    append_attributes(response.member("LastEvaluatedKey"),
                      decode_key(source.layout(), *page.last_evaluated_key));
  }
  ConsumedCapacity capacity(*source.table);
  capacity.add_page(page, source.index, boolean_parameter(body, "ConsistentRead", false));
  append_capacity(out, capacity, capacity_detail(body));
  return {};
}

}  // namespace pageturner
