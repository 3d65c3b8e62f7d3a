// What the operations on exports and imports have in common.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/object_writer.h"
#include "protocol/arn.h"
#include "server/operations/operation.h"

namespace pageturner {

// The ARN of an export or an import.
std::string transfer_arn(const Export& record, std::string_view region);
std::string transfer_arn(const Import& record, std::string_view region);

// What is shown of an export or import at this moment: IN_PROGRESS for as long as transitions take,
// then COMPLETED or FAILED.
std::string_view transfer_status(const Database& database, const Transfer& transfer);

// Sets what exports and imports of `table` have in common when they begin at the time
// `milliseconds`: all but the id and the place. A client token is made up where `body` has none, as
// the SDKs do.
void begin_transfer(Transfer& transfer, const TableDescription& table, JsonValue body,
                    std::int64_t milliseconds);

// The record that was begun under the client token of `body`, where it still counts, or nullptr.
ExportPointer find_by_token(const ExportRegistry& log, JsonValue body);
ImportPointer find_by_token(const ImportRegistry& log, JsonValue body);

// Appends the description of an export or an import as an object, as it is shown at this moment or
// with `status` where one is given. Source: recorded answers.
void append_export(std::string& out, const Database& database, const Export& record,
                   std::string_view region, std::string_view status = {});
void append_import(std::string& out, const Database& database, const Import& record,
                   std::string_view region, std::string_view status = {});

// The log of imports, which the service has in CloudWatch. Nothing is there.
std::string import_log_group_arn(std::string_view region);

// Writes the member S3BucketSource.
void write_bucket_source(ObjectWriter& owner, const S3Location& location);

// How many records a page holds and behind which it starts.
struct TransferPage {
  std::size_t count;
  std::string after_id;  // empty: at the newest
};

// The page that NextToken and the parameter `limit` of `body` ask for. Errors: ValidationException
// for what is no token.
Result<TransferPage> parse_transfer_page(JsonValue body, std::string_view limit);

// The token for the page behind the record `id`.
std::string transfer_page_token(std::string_view id);

// Appends a page of those of `records` (the oldest first) for which `matches(record)` holds, the
// newest first, as the member `name`, each written by `append_summary(out, record)`; and NextToken
// where there are more.
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
