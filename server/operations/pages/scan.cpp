// Scan: returns a page of a table or an index, or of one of its segments. api: Scan.
#include "protocol/expression/legacy.h"
#include "protocol/text.h"
#include "server/operations/operation.h"
#include "server/operations/pages/page.h"
#include "server/operations/pages/start_key.h"
#include "server/operations/parameters.h"
#include "storage/key_range.h"

namespace pageturner {
namespace {

struct Segment {
  std::uint32_t number = 0;
  std::uint32_t total = 1;
};

Result<Segment> parse_segment(JsonValue body) {
  const auto segment = body.find("Segment");
  const auto total = body.find("TotalSegments");
  if (segment && !total) {
    return validation_error(
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  }
  if (total && !segment) {
    return validation_error(
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  }
  if (!segment) return Segment{};
  const Segment parsed{static_cast<std::uint32_t>(segment->as_integer()),
                       static_cast<std::uint32_t>(total->as_integer())};
  if (parsed.number >= parsed.total) {
    return validation_error(
        concat("The Segment parameter is zero-based and must be less than parameter TotalSegments: "
               "Segment: ",
               parsed.number, " is not less than TotalSegments: ", parsed.total));
  }
  return parsed;
}

// As parse_legacy_filter. A value that is nested too deep is reported before a ConditionalOperator
// without two conditions. Source: recorded answers of 2026.
Result<void> parse_scan_filter(JsonValue body, PageParameters& parameters) {
  constexpr std::string_view name = "ScanFilter";
  Result<void> parsed = parse_legacy_filter(body, name, parameters);
  const auto filter = body.find(name);
  if (parsed || !filter || parsed.error().detail != ErrorDetail::conditional_operator) {
    return parsed;
  }
  auto values = parse_filter(*filter, "");
  if (values || values.error().detail != ErrorDetail::nested_too_deep) return parsed;
  return std::move(values).error();
}

struct ScanInput {
  PageParameters page;
  Segment segment;
};

Result<ScanInput> parse_scan(JsonValue body) {
  PAGETURNER_RETURN_IF_ERROR(
      check_not_mixed(body, {"AttributesToGet", "ScanFilter", "ConditionalOperator"},
                      {"ProjectionExpression", "FilterExpression"}));
  PAGETURNER_RETURN_IF_ERROR(check_placeholders_have_expressions(
      body, {"FilterExpression", "ProjectionExpression"}, {"FilterExpression"}));
  PAGETURNER_RETURN_IF_ERROR(check_select(body));
  ScanInput input{parse_page_size(body), {}};
  PAGETURNER_RETURN_IF_ERROR(parse_legacy_projection(body, input.page));
  PAGETURNER_RETURN_IF_ERROR(parse_scan_filter(body, input.page));
  PAGETURNER_RETURN_IF_ERROR(parse_start_key(body, input.page));
  PAGETURNER_ASSIGN_OR_RETURN(input.segment, parse_segment(body));
  PAGETURNER_ASSIGN_OR_RETURN(Placeholders placeholders, parse_placeholders(body));
  PAGETURNER_RETURN_IF_ERROR(parse_page_expressions(body, placeholders, input.page));
  PAGETURNER_RETURN_IF_ERROR(placeholders.check_all_used());
  return input;
}

}  // namespace

Result<void> scan(Database& database, const Request& request, std::string& out) {
  const JsonValue body = request.body;
  PAGETURNER_ASSIGN_OR_RETURN(ScanInput input, parse_scan(body));

  PAGETURNER_ASSIGN_OR_RETURN(const PageSource source, find_page_source(database, body));
  std::optional<std::string> start_key;
  if (input.page.start_key) {
    PAGETURNER_RETURN_IF_ERROR(check_scan_start(source, *input.page.start_key));
    PAGETURNER_RETURN_IF_ERROR(check_index_projects(source, input.page));
    PAGETURNER_RETURN_IF_ERROR(check_start_item(source, *input.page.start_key));
    start_key = encode_start_key(source, *input.page.start_key);
  }
  KeyRange range = segment_range(input.segment.number, input.segment.total);
  if (start_key && !range.contains(*start_key)) {
    return validation_error(
        concat("The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
               "ExclusiveStartKey with correct Segment. TotalSegments: ",
               input.segment.total, " Segment: ", input.segment.number));
  }
  PAGETURNER_ASSIGN_OR_RETURN(
      PageRequest page,
      make_page_request(source, std::move(input.page), std::move(range), Direction::forward));
  if (start_key) page.range = resume_after(std::move(page.range), *start_key, page.direction);
  return read_page_and_respond(database, source, body, page, out);
}

}  // namespace pageturner
