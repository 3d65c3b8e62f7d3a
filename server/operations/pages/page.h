// What Query and Scan share: their page parameters before and after the table is known, and their
// answer.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/expression/compile.h"
#include "server/operations/operation.h"
#include "storage/page_reader.h"

namespace pageturner {

// The parameters that say what a page shows and where it starts.
struct PageParameters {
  std::optional<ExpressionNode> filter;
  std::optional<std::vector<DocumentPath>> paths;  // the projection
  std::optional<Item> start_key;                   // ExclusiveStartKey
  std::string_view select = {};                    // Select; empty where there is none
  std::optional<std::uint64_t> limit = {};         // Limit
};

// The parameter Limit.
std::optional<std::uint64_t> limit_parameter(JsonValue body);

// Select and Limit; the rest is for the operation to read.
PageParameters parse_page_size(JsonValue body);

// Select against the other parameters that choose attributes. Errors: ValidationException in the
// words of the service. Source: recorded answers.
Result<void> check_select(JsonValue body);

// The older filter `filter_name`, QueryFilter or ScanFilter, with its ConditionalOperator.
Result<void> parse_legacy_filter(JsonValue body, std::string_view filter_name,
                                 PageParameters& parameters);

// AttributesToGet.
Result<void> parse_legacy_projection(JsonValue body, PageParameters& parameters);

// FilterExpression and ProjectionExpression, into `parameters`.
Result<void> parse_page_expressions(JsonValue body, Placeholders& placeholders,
                                    PageParameters& parameters);

// What a page is read from.
struct PageSource {
  TablePointer table;
  const Index* index = nullptr;

  const KeyLayout& layout() const { return index != nullptr ? index->layout : table->layout; }
};

// The table and, where the request names one, the index. Errors: ResourceNotFoundException,
// ValidationException for an index that is not there or cannot be read consistently.
Result<PageSource> find_page_source(Database& database, JsonValue body);

// Refuses what a global index does not hold. (A local one reads it from the table.)
Result<void> check_index_projects(const PageSource& source, const PageParameters& parameters);

// Refuses what the index cannot give, and otherwise puts together the request for `range`, which
// the start key has narrowed.
Result<PageRequest> make_page_request(const PageSource& source, PageParameters parameters,
                                      KeyRange range, Direction direction);

// Reads the page and appends the whole answer. Errors: ResourceNotFoundException where the table
// has been deleted meanwhile.
Result<void> read_page_and_respond(Database& database, const PageSource& source, JsonValue body,
                                   const PageRequest& page_request, std::string& out);

}  // namespace pageturner
