// What Query and Scan share: the parameters of a page before and after the table is known, and the
// response.
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

// The parameters that select the content and the start of a page. They own their values; only
// `select` and the names in `paths` are views into the document of the request, which must outlive
// them. (PartiQL has no Select and leaves it empty.)
struct PageParameters {
  std::optional<ExpressionNode> filter;
  std::optional<ProjectedPaths> paths;      // the projection
  std::optional<Item> start_key;            // ExclusiveStartKey
  std::string_view select = {};             // Select; empty if absent
  std::optional<std::uint64_t> limit = {};  // Limit
};

// Returns the parameter Limit.
std::optional<std::uint64_t> limit_parameter(JsonValue body);

// Returns parameters with Select and Limit; the operation reads the others. The result contains a
// view into the document of `body`.
PageParameters parse_page_size(JsonValue body);

// Validates Select against the other parameters that select attributes. Errors:
// ValidationException. Source: recorded answers.
Result<void> check_select(JsonValue body);

// Reads the legacy filter `filter_name`, QueryFilter or ScanFilter, with its ConditionalOperator
// into `parameters`. Errors: ValidationException.
Result<void> parse_legacy_filter(JsonValue body, std::string_view filter_name,
                                 PageParameters& parameters);

// Reads AttributesToGet into `parameters`. Errors: ValidationException.
Result<void> parse_legacy_projection(JsonValue body, PageParameters& parameters);

// Reads FilterExpression and ProjectionExpression into `parameters`. Errors: ValidationException.
Result<void> parse_page_expressions(JsonValue body, Placeholders& placeholders,
                                    PageParameters& parameters);

// The table or index that a page is read from.
struct PageSource {
  TablePointer table;
  const Index* index = nullptr;  // of `table`, which keeps it alive; nullptr: the table itself

  const KeyLayout& layout() const { return index != nullptr ? index->layout : table->layout; }
};

// Returns the table and, if the request has IndexName, the index. Errors:
// ResourceNotFoundException; ValidationException for an index that does not exist, is being
// backfilled or does not support consistent reads.
Result<PageSource> find_page_source(Database& database, JsonValue body);

// Checks that a global index projects all that the request reads. (For a local index the missing
// attributes are read from the table.) Errors: ValidationException.
Result<void> check_index_projects(const PageSource& source, const PageParameters& parameters);

// Builds the request for the page of `range`. `source` must outlive it. Errors: ValidationException
// for attributes that the index does not project and for paths into key attributes.
Result<PageRequest> make_page_request(const PageSource& source, PageParameters parameters,
                                      KeyRange range, Direction direction);

// Reads the page and appends the whole response. Requires: `page_request` was made for `source`.
// Errors: ResourceNotFoundException or table_changed if the table was deleted or changed since it
// was found.
Result<void> read_page_and_respond(Database& database, const PageSource& source, JsonValue body,
                                   const PageRequest& page_request, std::string& out);

}  // namespace pageturner
