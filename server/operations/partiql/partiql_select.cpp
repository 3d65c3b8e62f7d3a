// A SELECT of ExecuteStatement: one page of its results.
#include <algorithm>

#include "protocol/attribute_value_json.h"
#include "protocol/expression/condition.h"
#include "protocol/java_hash_set_order.h"
#include "protocol/limits.h"
#include "protocol/object_writer.h"
#include "protocol/text.h"
#include "server/operations/items/capacity.h"
#include "server/operations/parameters.h"
#include "server/operations/partiql/next_token.h"
#include "server/operations/partiql/partiql.h"
#include "storage/key_range.h"

namespace pageturner {
namespace {

using partiql::Disjunct;
using partiql::ReadPlan;
using partiql::Statement;

// The keys of one read.
struct KeyRead {
  AttributeValue partition;  // for the order of reads of several partitions
  KeyRange range;
};

// The reads of a statement, in order.
struct Reads {
  std::vector<KeyRange> ranges;
  Direction direction = Direction::forward;
};

// Refuses reads with common keys, which would return an item twice and make a position in the pages
// ambiguous.
Result<void> check_disjoint(std::vector<KeyRange> ranges) {
  std::erase_if(ranges, [](const KeyRange& range) { return range.empty(); });
  std::sort(ranges.begin(), ranges.end(),
            [](const KeyRange& left, const KeyRange& right) { return left.begin < right.begin; });
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (!ranges[i - 1].end || ranges[i].begin < *ranges[i - 1].end)
      return partiql::overlapping_reads();
  }
  return {};
}

// The direction of a key attribute in ORDER BY; nullopt if it is not in ORDER BY.
std::optional<bool> descends(const Statement& statement, const std::vector<KeyAttribute>& part) {
  for (const partiql::OrderKey& key : statement.order_by) {
    if (has_attribute(part, key.attribute)) return key.descending;
  }
  return std::nullopt;
}

// Sorts the reads by ORDER BY. Without the sort attribute in ORDER BY, it is read backward. Source:
// observed on the service.
Reads in_order(std::vector<KeyRead> reads, const Statement& statement, const KeyLayout& layout) {
  Reads ordered;
  if (!statement.order_by.empty()) {
    const bool backward = descends(statement, layout.sort).value_or(true);
    const bool partitions_backward = descends(statement, layout.partition).value_or(false);
    if (backward) ordered.direction = Direction::backward;
    std::stable_sort(reads.begin(), reads.end(), [&](const KeyRead& left, const KeyRead& right) {
      const auto order = compare_scalars(left.partition, right.partition);
      if (order && *order != 0) return partitions_backward ? *order > 0 : *order < 0;
      return backward ? left.range.begin > right.range.begin : left.range.begin < right.range.begin;
    });
  }
  for (KeyRead& read : reads) ordered.ranges.push_back(std::move(read.range));
  return ordered;
}

Result<Reads> find_reads(const ReadPlan& plan, const Statement& statement,
                         const KeyLayout& layout) {
  if (!plan.is_keyed) return Reads{{KeyRange{}}};
  std::vector<KeyRead> reads;
  std::vector<KeyRange> ranges;
  for (const KeySelection& selection : plan.reads) {
    // Most statements with several reads of one partition list them one after the other.
    const std::string_view like = ranges.empty() ? std::string_view() : ranges.back().begin;
    reads.push_back({selection.partition.front(), range_of(layout, selection, like)});
    ranges.push_back(reads.back().range);
  }
  PAGETURNER_RETURN_IF_ERROR(check_disjoint(std::move(ranges)));
  return in_order(std::move(reads), statement, layout);
}

// Refuses a keyed read of an index with filter attributes that the index does not project.
Result<void> check_filter_projected(const PageSource& source, const ReadPlan& plan) {
  if (source.index == nullptr || !plan.is_keyed) return {};
  const Disjunct* reported = nullptr;
  std::vector<std::string_view> missing;
  for (const Disjunct& disjunct : plan.disjuncts) {
    std::vector<std::string_view> names;
    for (const std::string_view name : disjunct.residual_names) {
      if (!source.index->projects(name)) names.push_back(name);
    }
    // One disjunct that the index covers is enough.
    if (names.empty()) return {};
    const auto order = reported == nullptr
                           ? std::nullopt
                           : compare_scalars(*disjunct.partition, *reported->partition);
    if (reported != nullptr && (!order || *order <= 0)) continue;
    reported = &disjunct;
    missing = std::move(names);
  }
  missing = first_in_java_hash_set_order(missing, missing.size());
  return invalid_parameter(concat("Secondary index ", source.index->description.name,
                                  " does not project one or more filter attributes: [",
                                  join(missing, ", "), "]"));
}

// Returns the request for the page at `position`, with at most limits::partiql_reads_per_page_max
// reads. Errors: for a position outside the reads.
Result<PageRequest> page_at(PageRequest page, const Reads& reads, const ReadPosition& position) {
  if (position.read >= reads.ranges.size()) return mismatched_next_token();
  KeyRange first = reads.ranges[position.read];
  if (!position.last_key.empty()) {
    if (!first.contains(position.last_key)) return mismatched_next_token();
    first = resume_after(std::move(first), position.last_key, reads.direction);
  }
  page.range = std::move(first);
  const std::size_t end =
      std::min(reads.ranges.size(), position.read + limits::partiql_reads_per_page_max);
  page.further_ranges.assign(reads.ranges.begin() + static_cast<std::ptrdiff_t>(position.read) + 1,
                             reads.ranges.begin() + static_cast<std::ptrdiff_t>(end));
  return page;
}

// Returns the position of the page after `result`; nullopt if it is the last one.
std::optional<ReadPosition> position_behind(const PageResult& result, const Reads& reads,
                                            const ReadPosition& position) {
  if (result.last_evaluated_key) {
    const auto read = std::find_if(
        reads.ranges.begin() + static_cast<std::ptrdiff_t>(position.read), reads.ranges.end(),
        [&](const KeyRange& range) { return range.contains(*result.last_evaluated_key); });
    return ReadPosition{static_cast<std::uint32_t>(read - reads.ranges.begin()),
                        *result.last_evaluated_key};
  }
  const std::size_t next = position.read + limits::partiql_reads_per_page_max;
  if (next >= reads.ranges.size()) return std::nullopt;
  return ReadPosition{static_cast<std::uint32_t>(next)};
}

Result<PageRequest> make_page(const PageSource& source, JsonValue body, const Statement& statement,
                              const ReadPlan& plan, Direction direction) {
  PageParameters parameters;
  parameters.limit = limit_parameter(body);
  if (plan.needs_filter) parameters.filter = statement.where;
  if (statement.columns) {
    parameters.paths.emplace();
    for (const partiql::Column& column : *statement.columns) {
      parameters.paths->paths.push_back(column.path);
    }
  }
  PAGETURNER_ASSIGN_OR_RETURN(PageRequest page,
                              make_page_request(source, std::move(parameters), {}, direction));
  page.projection = projection_of(statement);
  return page;
}

}  // namespace

Result<void> select_and_respond(Database& database, JsonValue body, const Statement& statement,
                                std::string& out) {
  const bool consistent = boolean_parameter(body, "ConsistentRead", false);
  PAGETURNER_ASSIGN_OR_RETURN(const PageSource source,
                              find_statement_source(database, statement, consistent));
  const KeySchema schema = schema_of(source.layout());
  PAGETURNER_ASSIGN_OR_RETURN(const ReadPlan plan, partiql::plan_reads(statement.where, schema));
  PAGETURNER_RETURN_IF_ERROR(partiql::check_key_types(plan, schema));
  PAGETURNER_RETURN_IF_ERROR(partiql::check_order(statement, plan, schema));
  PAGETURNER_ASSIGN_OR_RETURN(const Reads reads, find_reads(plan, statement, source.layout()));
  PAGETURNER_RETURN_IF_ERROR(check_filter_projected(source, plan));
  PAGETURNER_ASSIGN_OR_RETURN(PageRequest request,
                              make_page(source, body, statement, plan, reads.direction));
  PAGETURNER_ASSIGN_OR_RETURN(const ReadPosition position, parse_next_token(body));
  PAGETURNER_ASSIGN_OR_RETURN(const PageRequest page, page_at(std::move(request), reads, position));

  ObjectWriter response(out);
  PageResult result;
  {
    ArrayWriter items(response.member("Items"));
    PAGETURNER_ASSIGN_OR_RETURN(const auto guard, lock_table_shared(*source.table));
    const auto view = database.engine().read_view();
    result = read_page(*view, page, out);
  }
  if (const auto next = position_behind(result, reads, position)) {
    response.text("NextToken", make_next_token(body, *next));
  }
  if (result.last_evaluated_key) {
    append_attributes(response.member("LastEvaluatedKey"),
                      decode_key(source.layout(), *result.last_evaluated_key));
  }
  ConsumedCapacity capacity(*source.table);
  capacity.add_page(result, source.index, consistent);
  append_capacity(out, capacity, capacity_detail(body));
  return {};
}

}  // namespace pageturner
