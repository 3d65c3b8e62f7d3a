// Helpers shared by the operations on exports and imports.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/arn.h"
#include "protocol/model/shape.h"
#include "protocol/object_writer.h"
#include "server/operations/operation.h"
#include "server/operations/transfers/transfer_registry.h"

namespace pageturner {

// The ARN of an export or an import.
std::string transfer_arn(const Export& record, std::string_view region);
std::string transfer_arn(const Import& record, std::string_view region);

// The current status of an export or import: IN_PROGRESS for the configured transition time, then
// COMPLETED or FAILED.
std::string_view transfer_status(const Database& database, const Transfer& transfer);

// Returns the JSON `body` with the members that `shape` has, and without null: what records of
// exports and imports keep. The service ignores all other members. Requires: check_types accepted
// `body`.
std::string known_members(JsonValue body, const Shape& shape);

// Count the memory of a record, which is complete except for its outcome, against the memory
// ceiling. Errors: Database::no_room_for_table().
Result<void> charge_transfer(Database& database, Export& record);
Result<void> charge_transfer(Database& database, Import& record);

// Prepares `record` for `registry`, whose add() then cannot fail, and removes the records that are
// older than the 90 days for which exports and imports are listed. Source: api, ListExports and
// ListImports.
template <class Registry>
typename Registry::Prepared prepare_transfer(Registry& registry,
                                             typename Registry::Pointer record) {
  constexpr std::int64_t life_milliseconds = std::int64_t{90} * 24 * 60 * 60 * 1000;
  registry.remove_before(record->started_milliseconds - life_milliseconds);
  return Registry::prepare(std::move(record));
}

// Adds `record` to `registry`, and removes old records as prepare_transfer() does.
template <class Registry>
void add_transfer(Registry& registry, typename Registry::Pointer record) {
  registry.add(prepare_transfer(registry, std::move(record)));
}

// Sets the members that exports and imports of `table` share, except id and location, for a
// transfer that starts at `milliseconds` since 1970. Generates a client token if `body` has none,
// as SDKs do.
void begin_transfer(Transfer& transfer, const TableDescription& table, JsonValue body,
                    std::int64_t milliseconds);

// Returns the transfer that was started with the client token of `body`, or nullptr if there is
// none or the token has expired.
ExportPointer find_by_token(const ExportRegistry& exports, JsonValue body);
ImportPointer find_by_token(const ImportRegistry& imports, JsonValue body);

// Appends the description of an export or an import, with its current status or with `status` if
// that is not empty. Source: recorded answers.
void append_export(std::string& out, const Database& database, const Export& record,
                   std::string_view region, std::string_view status = {});
void append_import(std::string& out, const Database& database, const Import& record,
                   std::string_view region, std::string_view status = {});

// The ARN of the CloudWatch log group in which the service logs imports. It does not exist here.
std::string import_log_group_arn(std::string_view region);

// Writes the member S3BucketSource.
void write_bucket_source(ObjectWriter& owner, const S3Location& location);

// The size of a page and the record after which it starts.
struct TransferPage {
  std::size_t count;
  std::string after_id;  // empty: starts with the newest
};

// Returns the page that NextToken and the parameter `limit` of `body` select. Errors:
// ValidationException for an invalid token.
Result<TransferPage> parse_transfer_page(JsonValue body, std::string_view limit);

// Returns the token for the page after the record `id`.
std::string transfer_page_token(std::string_view id);

// Appends one page of the `records` (oldest first) for which `matches(record)` is true, newest
// first, as the member `name`; `append_summary(out, record)` writes each. Adds NextToken if there
// are more.
template <class Record, class Matches, class AppendSummary>
void append_transfer_page(ObjectWriter& object, std::string_view name, std::vector<Record> records,
                          const TransferPage& page, Matches matches, AppendSummary append_summary) {
  std::erase_if(records, [&](const Record& record) {
    return !matches(*record) || (!page.after_id.empty() && record->id >= page.after_id);
  });
  std::reverse(records.begin(), records.end());
  const bool more = records.size() > page.count;
  if (more) records.resize(page.count);
  append_list(object.member(name), records,
              [&](std::string& out, const Record& record) { append_summary(out, *record); });
  if (more) object.text("NextToken", transfer_page_token(records.back()->id));
}

}  // namespace pageturner
